import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { unopenedText } from './links'
import { blocksOf, lint } from './lint'
import { readText } from './lint-file'
import { LINT_VERSION } from './lint-rules'
import type { LintInput } from './lint-subject'
import { AUDIENCES, type Audience, type Finding } from './model'

const USAGE = `Usage: npm run comms:lint -- FILE [--audience public|internal|executive] [--inventory FILE] [--now INSTANT] [--json]

Judges a message by the rules of docs/rules/comms.md. FILE is a text (- reads standard input); what is known about it may
stand above it between two lines of ---, see docs/guides/messages.md. --inventory names hosts, instances, people,
customers, keys, providers and codeNames that must not go out. --now judges times as of another instant.
Prints FILE:line:column: level rule why for every finding. Links are not opened: which ones is said, and their rule (X09)
is judged by the host alone. Exits 1 when one of them blocks, 2 when FILE can't be read.`

type Options = {
  readonly file: string
  readonly audience: Audience | undefined
  readonly inventory: string | undefined
  readonly now: Date
  readonly isJson: boolean
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const { file, audience, inventory, now, isJson } = optionsOf(args)
  const text = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8')
  const names = inventory === undefined ? undefined : await readFile(inventory, 'utf8')
  const read = readText({ text, audience, inventory: names, now })
  if (!read.ok) throw new Error(read.reasons.map((reason) => `${file}: ${reason}`).join('\n'))
  const findings = lint(read.input)
  const blocks = blocksOf(findings)
  const told = findings.map((it) => ({ ...it, ...placeIn(read.input.message.body, it, read.firstLine) }))
  const unopened = unopenedIn(read.input)
  if (isJson) {
    const { audience: of } = read.input.message
    const verdict = { ok: blocks.length === 0, file, audience: of, rules: LINT_VERSION }
    const result = { ...verdict, findings: told, notJudged: unopened === undefined ? [] : [unopened] }
    console.log(JSON.stringify(result, null, 2))
  } else {
    for (const { line, column, level, rule, why, fix } of told) {
      const remedy = fix === null ? '' : fix === '' ? ' Take it out.' : ` Write: ${fix}`
      console.log(`${file}:${line}:${column}: ${level} ${rule} ${why}${remedy}`)
    }
    if (unopened !== undefined) console.log(`${file}: not judged ${unopened.rule} ${unopened.why}`)
    console.log(`${blocks.length} of ${findings.length} findings block this message.`)
  }
  return blocks.length === 0 ? 0 : 1
}

/** No network is used here: what the console would open is named instead. */
function unopenedIn({
  message,
  policy,
}: LintInput): { readonly rule: 'X09'; readonly why: string } | undefined {
  const why = unopenedText(`${message.title}\n${message.body}`, policy.allowedLinkHosts)
  return why === undefined ? undefined : { rule: 'X09', why }
}

function optionsOf(args: readonly string[]): Options {
  const values = new Map<string, string>()
  const files: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? ''
    if (arg === '--json' || arg === '--') continue
    if (!arg.startsWith('--')) {
      files.push(arg)
      continue
    }
    const value = args[at + 1]
    if (!['--audience', '--inventory', '--now'].includes(arg))
      throw new Error(`${arg} is not understood.\n\n${USAGE}`)
    if (value === undefined || value.startsWith('--')) throw new Error(`${arg} takes a value.\n\n${USAGE}`)
    values.set(arg, value)
    at += 1
  }
  const [file, ...more] = files
  if (file === undefined || more.length > 0) throw new Error(`Give one file.\n\n${USAGE}`)
  const given = values.get('--audience')
  const audience = AUDIENCES.find((it) => it === given)
  if (given !== undefined && audience === undefined)
    throw new Error(`There is no audience ${given}.\n\n${USAGE}`)
  const now = values.has('--now') ? new Date(values.get('--now') ?? '') : new Date()
  if (Number.isNaN(now.getTime())) throw new Error('--now takes an ISO instant.')
  return { file, audience, inventory: values.get('--inventory'), now, isJson: args.includes('--json') }
}

function placeIn(
  body: string,
  { from }: Pick<Finding, 'from'>,
  firstLine: number,
): { readonly line: number; readonly column: number } {
  const before = body.slice(0, from).split('\n')
  return { line: firstLine + before.length - 1, column: (before.at(-1) ?? '').length + 1 }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
  },
)
