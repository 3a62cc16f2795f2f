// Tell Streamlit where the app lives; otherwise it tries the path of the page first, in vain.
// `data-base` of the script element is the way from the page to the app's root.
window.__streamlit = {
  BACKEND_BASE_URL: new URL(document.currentScript.dataset.base, location.href).href,
};
