// SPDX-License-Identifier: Apache-2.0
// One row of a log as elements. Text only ever becomes text nodes.
import { parseLine, type Piece, type Style } from './ansi';
import type { Row } from './log_buffer';

function classesOf(style: Style, marked: boolean): string {
  const classes: string[] = [];
  // On a coloured ground the text has the colour that can be read there: a log cannot hide text.
  if (style.background >= 0) classes.push('sgr-ground', `sgr-b${style.background}`);
  else if (style.foreground >= 0) classes.push(`sgr-f${style.foreground}`);
  for (const word of ['bold', 'dim', 'italic', 'underline', 'strike', 'inverse'] as const) {
    if (style[word]) classes.push(`sgr-${word}`);
  }
  if (marked) classes.push('log-unseen');
  return classes.join(' ');
}

/** [from, to) of each place where `needle` stands in `text`. */
export function matchesIn(text: string, needle: string): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  if (!needle) return found;
  const lower = text.toLowerCase();
  // Where lowering changes the length (a handful of letters), positions would be wrong: then nothing is marked.
  if (lower.length !== text.length) return found;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, at + needle.length)) {
    found.push({ from: at, to: at + needle.length });
  }
  return found;
}

function appendText(parent: HTMLElement, text: string, classes: string, isMatch: boolean): void {
  if (!text) return;
  if (!classes && !isMatch) {
    parent.append(text);
    return;
  }
  const element = document.createElement(isMatch ? 'mark' : 'span');
  if (classes) element.className = classes;
  element.textContent = text;
  parent.append(element);
}

function appendPieces(parent: HTMLElement, pieces: Piece[], needle: string): void {
  const matches = matchesIn(pieces.map((piece) => piece.text).join(''), needle);
  let start = 0;
  for (const { text, style, marked } of pieces) {
    const end = start + text.length;
    const classes = classesOf(style, marked);
    let at = start;
    for (const { from, to } of matches) {
      if (to <= at || from >= end) continue;
      appendText(parent, text.slice(at - start, Math.max(at, from) - start), classes, false);
      appendText(parent, text.slice(Math.max(at, from) - start, Math.min(end, to) - start), classes, true);
      at = Math.min(end, to);
    }
    appendText(parent, text.slice(at - start), classes, false);
    start = end;
  }
}

/** Fills `element` with the number of the line and its text, the places where `needle` stands marked. */
export function fillRow(element: HTMLElement, row: Row, needle: string): void {
  const gutter = document.createElement('span');
  gutter.className = 'log-gutter';
  // Shown by CSS from an attribute: what a reader copies is the log and nothing else.
  gutter.dataset['line'] = row.continues ? '\u21aa' : row.line === undefined ? '\u00b7' : String(row.line);
  const textElement = document.createElement('span');
  textElement.className = 'log-text';
  appendPieces(textElement, parseLine(row.text, row.style).pieces, needle);
  element.append(gutter, textElement);
}
