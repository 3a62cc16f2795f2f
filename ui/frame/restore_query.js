// Streamlit sends the query that it read at its start with every run, or the current one if that was empty.
// So hide the query at the start and restore it before the first run: then a visitor who is moved to another
// server keeps later changes.
(() => {
  const { search, pathname, hash } = location;
  if (!search || new URLSearchParams(search).has("embed")) return;
  const setQuery = (query) => history.replaceState(history.state, "", pathname + query + hash);
  setQuery("");
  const observer = new MutationObserver(() => {
    if (!document.querySelector("[data-testid=stApp]")) return;
    observer.disconnect();
    setQuery(search);
  });
  observer.observe(document, { childList: true, subtree: true });
})();
