// Function keys, since letters and digits belong to the scanner and to whoever types.

/** `acts`: what each key does. Gives a function that ends it. */
export function keys(acts) {
  const heard = (event) => {
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (!event.repeat) act();
  };
  addEventListener("keydown", heard);
  return () => removeEventListener("keydown", heard);
}

/** Draws anew what is in `element`, and leaves whoever came by keyboard where they were: at the same `data-key`. */
export function keepingFocus(element, draw) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  draw();
  if (key) (element.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? element).focus({ preventScroll: true });
}
