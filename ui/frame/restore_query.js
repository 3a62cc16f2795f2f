// Streamlit sends the query that it found as it started, with every run; where it found none, the address as
// it is by then. So it finds none, and the link is back before the first run: a visitor who comes to another
// server keeps what was changed since.
(() => {
  const { search, pathname, hash } = location;
  if (!search || new URLSearchParams(search).has("embed")) return;
  const show = (query) => history.replaceState(history.state, "", pathname + query + hash);
  show("");
  const watch = new MutationObserver(() => {
    if (!document.querySelector("[data-testid=stApp]")) return;
    watch.disconnect();
    show(search);
  });
  watch.observe(document, { childList: true, subtree: true });
})();
