import { readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { languageOf, scanText } from './scan.mjs'
import { needleOf, signalsOf } from './signals.mjs'
import { filesUnder, MAX_BYTES } from './walk.mjs'

const POINTS = new Set(['call', 'endpoint', 'command'])
const SECRET = /(?:KEY|TOKEN|SECRET|PASSWORD)/

const TYPES = [
  [/\.prisma$/, /^model\s+(\w+)\s*\{/gm],
  [/\.sql$/, /\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?["`]?(?:\w+["`]?\.["`]?)?(\w+)/gi],
  [/\.py$/, /^\s*__tablename__\s*=\s*["'](\w+)["']/gm],
  [/\.py$/, /^class\s+(\w+)\(.*\bmodels\.Model\b.*\):/gm],
]

function dataTypesIn(path, text) {
  return TYPES.filter(([file]) => file.test(path)).flatMap(([, pattern]) =>
    [...text.matchAll(pattern)].map((match) => match[1]),
  )
}

/**
 * assess reads a folder and gives the inventory of what uses each provider: findings, files, integration points,
 * dependencies, customisations and data types. It reads names and places only; no value and no line of source leaves it.
 */
export function assess({ root, providers, withBuilt = false }) {
  const startedMs = performance.now()
  const signals = providers.map(signalsOf)
  const needle = needleOf(providers)
  const ownFiles = new Map(providers.flatMap(({ id, files }) => files.map((file) => [file, id])))
  const findings = []
  const dataTypes = new Set()
  const files = { seen: 0, read: 0, tooLarge: 0, withUsage: 0 }
  for (const path of filesUnder(root, withBuilt)) {
    files.seen += 1
    const name = path.slice(path.lastIndexOf('/') + 1)
    const owner = ownFiles.get(name)
    if (owner) findings.push({ provider: owner, kind: 'dependency', file: path, line: 1, name })
    const language = languageOf(name)
    if (language === undefined && !/\.(?:prisma|sql)$/.test(name)) continue
    const full = join(root, path)
    if (statSync(full).size > MAX_BYTES) {
      files.tooLarge += 1
      continue
    }
    const text = readFileSync(full, 'utf8')
    files.read += 1
    for (const type of dataTypesIn(path, text)) dataTypes.add(type)
    if (language === undefined || !needle.test(text)) continue
    for (const finding of scanText(text, language, signals)) findings.push({ file: path, ...finding })
  }
  files.withUsage = new Set(findings.map(({ file }) => file)).size
  return {
    version: 1,
    root: basename(resolve(root)),
    files,
    seconds: Math.round(performance.now() - startedMs) / 1000,
    providers: providers
      .map(({ id, name }) => summaryOf(id, name, findings))
      .filter((summary) => summary.findings > 0),
    dataTypes: [...dataTypes].sort().map((name) => ({ name, records: null })),
    findings: findings.map(({ provider, kind, file, line, name }) => ({ provider, kind, file, line, name })),
  }
}

const isCustom = ({ kind, name }) => kind === 'image' || (kind === 'environment' && !SECRET.test(name))

function summaryOf(id, name, findings) {
  const own = findings.filter(({ provider }) => provider === id)
  const namesOf = (kept) => [...new Set(kept.map((finding) => finding.name))].sort()
  return {
    id,
    name,
    findings: own.length,
    files: new Set(own.map(({ file }) => file)).size,
    integrationPoints: own.filter(({ kind }) => POINTS.has(kind)).length,
    dependencies: namesOf(own.filter(({ kind }) => kind === 'dependency')),
    credentials: namesOf(
      own.filter(({ kind, name: variable }) => kind === 'environment' && SECRET.test(variable)),
    ),
    customisations: namesOf(own.filter(isCustom)),
  }
}
