import type { Manifest } from './model'

/** summaryOf says in Markdown what a bundle holds and what is missing: the page that a reader opens first. */
export function summaryOf({ incident, builtAt, window, files, missing }: Manifest): string {
  const cut = files.filter((file) => file.cutFromBytes !== undefined)
  const masked = files.reduce((sum, file) => sum + file.redacted, 0)
  return `${[
    `# Evidence of ${incident.name}`,
    '',
    incident.title,
    '',
    `Built ${builtAt}. Logs from ${window.logsFrom}, metrics from ${window.metricsFrom}, both to ${window.to}.`,
    `${files.length} files; ${masked === 0 ? 'nothing was masked' : `${masked} places look like secrets and are masked`}.`,
    '`manifest.json` holds the size and the SHA-256 of each; `npm run evidence -- --verify FILE` checks them.',
    '',
    '## Files',
    '',
    ...files.map(
      (file) =>
        `- \`${file.path}\`, ${file.sizeBytes} bytes${file.cutFromBytes === undefined ? '' : `, cut from ${file.cutFromBytes}`}`,
    ),
    '',
    '## Missing',
    '',
    ...(missing.length === 0 ? ['Nothing.'] : []),
    ...missing.map(
      ({ what, why, wayRound }) => `- \`${what}\`: ${why}.${wayRound === undefined ? '' : ` ${wayRound}`}`,
    ),
    ...(cut.length === 0 ? [] : ['', `${cut.length} files were cut to their limit.`]),
  ].join('\n')}\n`
}
