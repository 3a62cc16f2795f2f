// Press a button and resolve with the milliseconds until the text of the answer changes.
([buttons, index, answer]) =>
  new Promise((resolve, reject) => {
    const before = document.querySelector(answer).textContent;
    const start = performance.now();
    const observer = new MutationObserver(() => {
      const element = document.querySelector(answer);
      if (element && element.textContent !== before) {
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - start));
      }
    });
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
    });
    document.querySelectorAll(buttons)[index].click();
    setTimeout(() => reject(new Error(`the text of ${answer} did not change`)), 10000);
  });
