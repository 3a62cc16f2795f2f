// Set the app's root URL for Streamlit; otherwise its first requests go to the page's path and fail.
// `data-base` of the script element is the relative URL from the page to that root.
window.__streamlit = {
  BACKEND_BASE_URL: new URL(document.currentScript.dataset.base, location.href).href,
};
