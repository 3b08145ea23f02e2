"""What is asked of an open page."""

import json

from tests.browser.page import Page

LEAST_CONTRAST = 4.5

CONTRAST = """
(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const all = [...document.querySelectorAll("body *")];
  const words = all.filter((element) => element.tagName !== "desc" && own(element));
  return words.map((element) => {
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const [high, low] = [light(ink), light(ground(element))].sort((a, b) => b - a);
    return [element.textContent.slice(0, 40), (high + 0.05) / (low + 0.05)];
  }).filter(([, contrast]) => contrast < LEAST);
})()
""".replace("LEAST", str(LEAST_CONTRAST))
"""Yields each text whose contrast with its ground is too low."""

OVERFLOWING = """
[...document.querySelectorAll("svg")].flatMap((svg) => {
  const room = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("polyline, polygon, circle, text")].filter((shape) => {
    const box = shape.getBoundingClientRect();
    const beside = box.left < room.left - 3 || box.right > room.right + 3;
    return beside || box.top < room.top - 3 || box.bottom > room.bottom + 3;
  }).map((shape) => shape.outerHTML.slice(0, 80));
})
"""
"""Yields each shape that leaves its chart."""


def boxes(page: Page, selector: str) -> list[tuple[float, float]]:
    """Return width and height of every element that a selector means, as they are shown."""
    asked = f"[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.getBoundingClientRect())"
    return [(box[0], box[1]) for box in page.ask(f"{asked}.map((box) => [box.width, box.height])")]
