// Resolve relative URLs against the app's root; by default, the iframe uses the URL of the page around it.
{
  const base = parent.__streamlit?.BACKEND_BASE_URL;
  if (base) document.head.append(Object.assign(document.createElement("base"), { href: base }));
}
