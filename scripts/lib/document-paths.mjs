import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { filesBelow } from './stamps.mjs'

/** Folders that a run makes; a document may name what will be in them. */
const MADE = ['.watchfloor', '.next', 'dist', 'node_modules', 'test-results', 'playwright-report']
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs',
  'deploy',
  'agent',
  'runbooks',
  'simulator',
  'bench',
]

/** checkDocuments returns what the documents below base name and the checkout lacks, one line each. */
export function checkDocuments(base) {
  const manifest = join(base, 'package.json')
  const scripts = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')).scripts ?? {}) : {}
  return DOCUMENTS.flatMap((path) => filesBelow(base, path))
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => checkDocument({ base, path, text: readFileSync(join(base, path), 'utf8'), scripts }))
}

/** checkDocument returns the dead paths, links and npm scripts of one document. */
export function checkDocument({ base, path, text, scripts }) {
  return text.split('\n').flatMap((line, i) => {
    const dead = [
      ...linksOf(line).filter((link) => !exists(base, posix.join(dirname(path), link))),
      ...pathsOf(base, line).filter((mention) => !exists(base, mention)),
    ]
    const unknown = [...line.matchAll(/npm run ([\w:-]+)/g)]
      .map((match) => match[1])
      .filter((name) => !(name in scripts))
    return [
      ...dead.map((mention) => `${path}:${i + 1}: ${mention} does not exist`),
      ...unknown.map((name) => `${path}:${i + 1}: there is no npm script "${name}"`),
    ]
  })
}

function linksOf(line) {
  return [...line.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map((match) => match[1])
    .filter((link) => !/^[a-z]+:|^\//.test(link))
}

// A word counts as a path when it begins with something that lies at the top of the checkout.
function pathsOf(base, line) {
  const tops = new Set(readdirSync(base))
  return line
    .split(/[\s`"'<>;|]+/)
    .flatMap(expandBraces)
    .map((word) => word.replace(/^[([]+(?=[\w.])/, '').replace(/(?::\d+)?[).:!?\]]*$/, ''))
    .filter((word) => /^[\w.][\w.-]*\/[\w.@()[\]/*-]+$/.test(word) && tops.has(word.split('/')[0]))
    .filter((word) => !MADE.includes(word.split('/')[0]) && !/\/\.env[\w.]*$/.test(word))
}

function expandBraces(word) {
  const match = /^([^{]*)\{([^}]*)\}(.*)$/.exec(word)
  return match ? match[2].split(',').map((part) => match[1] + part + match[3]) : [word]
}

function exists(base, path) {
  const star = path.indexOf('*')
  const fixed = star < 0 ? path : path.slice(0, path.lastIndexOf('/', star))
  return [fixed, `${fixed})`, `${fixed}]`].some((candidate) => existsSync(join(base, candidate)))
}
