// Press a button and resolve with the milliseconds until what is shown changes.
([buttons, which, shown]) =>
  new Promise((done, fail) => {
    const before = document.querySelector(shown).textContent;
    const began = performance.now();
    const observer = new MutationObserver(() => {
      const now = document.querySelector(shown);
      if (now && now.textContent !== before) {
        observer.disconnect();
        requestAnimationFrame(() => done(performance.now() - began));
      }
    });
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
    });
    document.querySelectorAll(buttons)[which].click();
    setTimeout(() => fail(new Error(`nothing changed: ${shown}`)), 10000);
  });
