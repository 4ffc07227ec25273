import { pageScript, pageScriptHash, pageStyle, pageStyleHash } from './page.generated.ts'

/** Data inside of an element: JSON in which no `<` can end it or begin another. */
const block = (id: string, data: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>\n`

/**
 * One file that opens from disk and asks for nothing: its own script and style are the only ones that its policy lets run, and no
 * address is reachable from it.
 */
export const page = (report: object, pool: object, scenarios: readonly object[]): string =>
  [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${pageScriptHash}'; style-src '${pageStyleHash}'; base-uri 'none'; form-action 'none'">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n<title>kscn report</title>\n',
    `<style>${pageStyle}</style>\n`,
    block('report', report),
    block('pool', pool),
    ...scenarios.map((scenario, index) => block(`scenario-${index + 1}`, scenario)),
    '</head>\n<body>\n<noscript>This report needs JavaScript to be read; it asks nothing of the network.</noscript>\n',
    `<script>${pageScript}</script>\n</body>\n</html>\n`,
  ].join('')
