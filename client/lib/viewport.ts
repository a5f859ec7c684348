/** The height that is really visible: a touch keyboard covers the page in browsers that do not make it smaller. */
export function followViewport(): void {
  const view = window.visualViewport;
  if (!view) return;
  const follow = (): void => {
    const isCovered = innerHeight - view.height > 100 && view.scale === 1;
    if (isCovered) document.documentElement.style.setProperty("--visible", `${Math.round(view.height)}px`);
    else document.documentElement.style.removeProperty("--visible");
    if (isCovered) window.scrollTo(0, 0);
  };
  view.addEventListener("resize", follow);
}
