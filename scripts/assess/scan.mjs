import { callsIn, pythonImports, scriptBinding } from './calls.mjs'
import { lexLines, lexPython, lexScript } from './lex.mjs'

const PYTHON_RUNS =
  /(?:run|Popen|call|check_output|check_call|system|popen|create_subprocess_exec|create_subprocess_shell)\s*\(\s*\[?\s*f?$/
const SCRIPT_RUNS =
  /(?:(?:exec|execSync|spawn|spawnSync|execFile|execFileSync|execa|execaSync|execaCommand)\s*\(\s*|\$)$/

/** languageOf tells how a file is read; undefined for what is not looked at. */
export function languageOf(name) {
  if (/\.(?:[cm]?[jt]sx?|vue|svelte)$/.test(name)) return 'script'
  if (/\.pyi?$/.test(name)) return 'python'
  if (name === 'package.json') return 'package'
  if (/^requirements[\w.-]*\.(?:txt|in)$/.test(name) || /^constraints[\w.-]*\.txt$/.test(name))
    return 'requirements'
  if (/^(?:pyproject\.toml|Pipfile|setup\.cfg)$/.test(name)) return 'toml'
  if (/^\.env(?:\.[\w.-]+)?$/.test(name) || /\.env$/.test(name) || name === '.envrc') return 'environment'
  if (/^(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$/.test(name) || /\.dockerfile$/.test(name)) return 'docker'
  if (/\.(?:sh|bash|zsh)$/.test(name) || /^(?:Makefile|Justfile|Procfile)$/.test(name)) return 'shell'
  if (/\.(?:ya?ml|toml|tf|ini|conf)$/.test(name)) return 'lines'
  return undefined
}

function collector(text) {
  const lines = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
  const lineOf = (place) => {
    let low = 0
    let high = lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (lines[middle] <= place) low = middle
      else high = middle - 1
    }
    return low + 1
  }
  const found = new Map()
  return {
    add: (provider, kind, place, name) => {
      const line = lineOf(place)
      found.set(`${provider}\n${kind}\n${line}\n${name}`, { provider, kind, line, name })
    },
    all: () => [...found.values()],
  }
}

function variablesOf(code, signal, add) {
  for (const match of code.matchAll(signal.variable)) add(signal.id, 'environment', match.index, match[0])
}

const hostOf = (value) =>
  value
    .replace(/^\w+:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .split(/[/?#]/, 1)[0]

function scanScript(text, signals, add) {
  const { code, strings } = lexScript(text)
  for (const signal of signals) {
    const names = new Set()
    for (const { start, value, isPart } of strings) {
      if (!isPart && signal.npmName.test(value)) {
        const binding = scriptBinding(code, start)
        if (binding) {
          add(signal.id, 'import', start, value)
          for (const name of binding.names) names.add(name)
        }
      }
      if (!isPart && signal.endpoint.test(value)) add(signal.id, 'endpoint', start, hostOf(value))
      if (signal.wholeVariable.test(value)) add(signal.id, 'environment', start, value)
      if (
        !isPart &&
        signal.program.test(value) &&
        SCRIPT_RUNS.test(code.slice(Math.max(0, start - 40), start))
      )
        add(signal.id, 'command', start, value.split(/\s+/).slice(0, 2).join(' '))
    }
    variablesOf(code, signal, add)
    if (names.size > 0)
      for (const call of callsIn(code, names, false)) add(signal.id, 'call', call.at, call.name)
  }
}

function scanPython(text, signals, add) {
  const { code, strings } = lexPython(text)
  for (const signal of signals) {
    const names = new Set()
    for (const { at, module, names: bound } of pythonImports(code, signal.modules)) {
      const shift = /^\s*/.exec(code.slice(at))[0].length
      add(signal.id, 'import', at + shift, module)
      for (const name of bound) names.add(name)
    }
    for (const { start, value } of strings) {
      const before = code.slice(Math.max(0, start - 60), start)
      if (signal.endpoint.test(value)) add(signal.id, 'endpoint', start, hostOf(value))
      if (signal.wholeVariable.test(value)) add(signal.id, 'environment', start, value)
      if (signal.program.test(value) && PYTHON_RUNS.test(before))
        add(signal.id, 'command', start, value.split(/\s+/).slice(0, 2).join(' '))
      if (signal.modules.includes(value) && /import_module\(\s*$/.test(before))
        add(signal.id, 'import', start, value)
    }
    variablesOf(code, signal, add)
    if (names.size > 0)
      for (const call of callsIn(code, names, true)) add(signal.id, 'call', call.at, call.name)
  }
}

function scanPackage(text, signals, add) {
  let read
  try {
    read = JSON.parse(text)
  } catch {
    return
  }
  for (const field of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
    const block = text.indexOf(`"${field}"`)
    for (const name of Object.keys(read?.[field] ?? {}))
      for (const signal of signals)
        if (signal.npm.includes(name)) add(signal.id, 'dependency', text.indexOf(`"${name}"`, block), name)
  }
  const scripts = text.indexOf('"scripts"')
  for (const [key, value] of Object.entries(read?.scripts ?? {}))
    for (const signal of signals)
      for (const match of typeof value === 'string' ? value.matchAll(signal.programs) : [])
        add(signal.id, 'command', text.indexOf(`"${key}"`, scripts), match[1])
}

function scanRequirements(text, signals, add) {
  let place = 0
  for (const line of lexLines(text).split('\n')) {
    for (const signal of signals) {
      const match = signal.pypiLine.exec(line)
      if (match) add(signal.id, 'dependency', place, match[1])
    }
    place = text.indexOf('\n', place) + 1
    if (place === 0) break
  }
}

const DEPENDENCY_BLOCK =
  /^(?:project\.optional-dependencies|dependency-groups|packages|dev-packages|tool\.poetry(?:\.[\w-]+)*\.?dependencies|options)$/

/** In TOML a package counts where dependencies are listed, not wherever its name stands. */
function scanToml(text, signals, add) {
  let table = ''
  let isList = false
  let place = 0
  for (const raw of text.split('\n')) {
    const line = lexLines(raw)
    const heading = /^\s*\[+([^\]"]+)\]+\s*$/.exec(line)
    if (heading) {
      table = heading[1].trim()
      isList = false
    } else {
      if (/^\s*(?:dependencies|requires|install_requires)\s*=/.test(line)) isList = true
      const isDependency = isList || DEPENDENCY_BLOCK.test(table)
      for (const signal of isDependency ? signals : []) {
        const entries = isList
          ? line.replace(/^[^=["']*=\s*\[?/, (all) => (/^\s*["']/.test(line) ? all : '')).split(',')
          : [line]
        for (const entry of entries) {
          const match = signal.pypiLine.exec(entry.trim().replace(/^\[/, ''))
          if (match) add(signal.id, 'dependency', place, match[1])
        }
      }
      if (isList && /\]\s*$/.test(line.trim())) isList = false
    }
    place += raw.length + 1
  }
}

/** In lines of shell, YAML, Dockerfiles and environment files. */
function scanLines(text, signals, add, language) {
  let place = 0
  for (const raw of text.split('\n')) {
    const line = lexLines(raw)
    for (const signal of signals) {
      if (language === 'environment') {
        const name = /^\s*(?:export\s+)?([A-Z0-9_]+)\s*=/.exec(line)?.[1]
        if (name && signal.wholeVariable.test(name)) add(signal.id, 'environment', place, name)
      } else variablesOf(line, signal, (id, kind, at, name) => add(id, kind, place + at, name))
      const host = signal.host.exec(line)
      if (host) add(signal.id, 'endpoint', place + host.index, host[0])
      if (language === 'environment') continue
      for (const match of line.matchAll(signal.programs))
        add(signal.id, 'command', place + match.index, match[1])
      for (const match of line.matchAll(signal.installed))
        add(signal.id, 'dependency', place + match.index, match[1])
      const image = /^\s*(?:-\s*)?(?:image\s*[:=]|FROM(?:\s+--\S+)*)\s*(\S+)/i.exec(line)?.[1]
      if (image && signal.image.test(image)) add(signal.id, 'image', place, image.replace(/["']/g, ''))
    }
    place += raw.length + 1
  }
}

const SCANNERS = {
  script: scanScript,
  python: scanPython,
  package: scanPackage,
  requirements: scanRequirements,
  toml: scanToml,
  environment: (text, signals, add) => scanLines(text, signals, add, 'environment'),
  docker: scanLines,
  shell: scanLines,
  lines: scanLines,
}

/** scanText finds every usage in one file: [{provider, kind, line, name}]; names only, never a value. */
export function scanText(text, language, signals) {
  const { add, all } = collector(text)
  SCANNERS[language](text, signals, add)
  return all().sort((one, other) => one.line - other.line || (one.kind < other.kind ? -1 : 1))
}
