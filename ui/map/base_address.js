// Without a base the frame takes the address of the page around it.
{
  const base = parent.__streamlit?.BACKEND_BASE_URL;
  if (base) document.head.append(Object.assign(document.createElement("base"), { href: base }));
}
