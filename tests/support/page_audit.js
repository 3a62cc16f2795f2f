// Checks of the browser tests on a page. Playwright runs this file before the scripts of every page
// (`Context.add_init_script`), so that the page's security policy does not apply to it.
window.pageAudit = (() => {
  const CONTROLS = "button, input:not([type=hidden]), select, textarea, a[href], summary, iframe";
  const CLIPPED_TEXT =
    ".kh-answer-figure, .kh-answer-figure b, .kh-split dd, .kh-steps b, .kh-cell, .kh-reason, .kh-mobile-summary b, .kh-progress-bar b, .distance";
  const FOCUS_RING = ["outlineStyle", "outlineWidth", "boxShadow", "borderColor"];
  const MAX_SNIPPET = 160;
  const TOLERANCE_PX = 2;

  const snippet = (element) => element.outerHTML.slice(0, MAX_SNIPPET);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isVisible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  // Controls that were visible without a name at any moment since the page began to load.
  const nameless = new Set();
  const recordNameless = () => {
    for (const control of document.querySelectorAll("button, select")) {
      const named =
        control.labels?.length ||
        control.title ||
        control.ariaLabel ||
        control.getAttribute("aria-labelledby") ||
        [...control.childNodes].some((child) => child.ariaHidden !== "true" && child.textContent.trim());
      if (!named && control.checkVisibility({ visibilityProperty: true })) nameless.add(snippet(control));
    }
  };
  const watchNames = () =>
    new MutationObserver(recordNameless).observe(document, { childList: true, subtree: true });

  // Violations of WCAG by axe-core, as [rule, elements] pairs.
  const axeViolations = async (tags, extraRules) => {
    const rules = Object.fromEntries(extraRules.map((rule) => [rule, { enabled: true }]));
    const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags }, rules });
    return violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, MAX_SNIPPET))]);
  };

  const overflows = () => {
    const main = document.querySelector('[data-testid="stMain"]');
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth + 1 || (main && main.scrollWidth > main.clientWidth + 1);
  };

  const clippedText = () =>
    all(CLIPPED_TEXT)
      .filter((e) => e.offsetParent && e.clientWidth > 0 && getComputedStyle(e).display !== "inline")
      .filter((e) => e.scrollWidth > e.clientWidth + TOLERANCE_PX)
      .map((e) => `${e.className} ${e.textContent}`);

  // Controls smaller than `minimum` pixels; the label of a control counts as a part of it.
  const smallTargets = (minimum) =>
    all(`${CONTROLS}, [role=radio]`)
      .filter(isVisible)
      .map((e) => [e, ...[e, e.closest("label") ?? e].map((part) => part.getBoundingClientRect())])
      .map(([e, own, label]) => [
        snippet(e),
        Math.max(own.width, label.width),
        Math.max(own.height, label.height),
      ])
      .filter(([, width, height]) => width > 1 && height > 1 && (width < minimum || height < minimum));

  const choicesOutsideTheirGroup = () =>
    all("[role=radiogroup] [role=radio]")
      .filter((e) => {
        const [own, group] = [e, e.closest("[role=radiogroup]")].map((box) => box.getBoundingClientRect());
        return (
          own.width &&
          (own.left < group.left - TOLERANCE_PX ||
            own.right > group.right + TOLERANCE_PX ||
            own.bottom > group.bottom + TOLERANCE_PX)
        );
      })
      .map(snippet);

  const moving = () =>
    all("*")
      .filter((e) => {
        const { animationName, transitionDuration } = getComputedStyle(e);
        return (
          animationName !== "none" || transitionDuration.split(", ").some((duration) => duration !== "0s")
        );
      })
      .map(snippet);

  // Navigation by Tab: mark every control, step through the page, list the controls that were not reached.
  const markControls = () => {
    const controls = all(CONTROLS).filter(
      (e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }),
    );
    for (const control of controls) control.setAttribute("data-unreached", "");
    return controls.length;
  };

  const focusedElement = () => {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement; // in a date field
    return focused;
  };

  const focusStep = () => {
    const focused = focusedElement();
    if (!focused || focused === document.body) return null;
    const parents = [
      focused,
      focused.parentElement,
      focused.parentElement?.parentElement,
      focused.closest("label"),
    ];
    const focusStyle = () =>
      JSON.stringify(
        parents.filter(Boolean).map((e) => {
          const style = getComputedStyle(e);
          return FOCUS_RING.map((property) => style[property]);
        }),
      );
    const withFocus = focusStyle();
    focused.blur();
    const withoutFocus = focusStyle();
    focused.focus({ preventScroll: true });
    // Tab stops once in a group; arrow keys move within it.
    const group = focused.closest("[role=radiogroup], [role=group], [role=toolbar]") ?? focused;
    for (const e of [focused, ...group.querySelectorAll("[data-unreached]")])
      e.removeAttribute("data-unreached");
    const showsFocusInside = ["IFRAME", "MAIN"].includes(focused.tagName);
    return {
      visible: withFocus !== withoutFocus || showsFocusInside,
      name: `${focused.tagName} ${focused.ariaLabel ?? focused.textContent.slice(0, 40)}`,
    };
  };

  const unreached = () =>
    all("[data-unreached]")
      .filter((e) => e.checkVisibility({ visibilityProperty: true }))
      .map(snippet);

  return {
    axeViolations,
    choicesOutsideTheirGroup,
    clippedText,
    focusStep,
    markControls,
    moving,
    overflows,
    smallTargets,
    unreached,
    watchNames,
    namelessControls: () => [...nameless],
  };
})();
