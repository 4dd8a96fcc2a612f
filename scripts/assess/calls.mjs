const NAME = '[A-Za-z_$][\\w$]*'

function namesOfClause(clause) {
  const names = []
  const braces = /\{([^}]*)\}/.exec(clause)
  for (const part of braces ? braces[1].split(',') : []) {
    const [from, to] = part.replace(/^\s*type\s+/, '').split(/\s+as\s+|\s*:\s*/)
    const name = (to ?? from ?? '').trim()
    if (name !== '') names.push(name)
  }
  const rest = clause.replace(/\{[^}]*\}/, '')
  for (const part of rest.split(',')) {
    const name = part
      .replace(/\*\s*as\s+/, '')
      .replace(/^\s*type\s+/, '')
      .trim()
    if (/^[A-Za-z_$][\w$]*$/.test(name) && name !== 'type') names.push(name)
  }
  return names
}

/** scriptBinding gives the names that the import before a module's name binds; undefined when it is no import at all. */
export function scriptBinding(code, start) {
  const before = code.slice(Math.max(0, start - 2_000), start)
  const statement = /(?:^|[;\n}])\s*(?:import|export)\s+((?:type\s+)?[\w$\s{},*]*?)\s*from\s*$/.exec(before)
  if (statement) {
    const clause = statement[1].replace(/^type\s+(?=[{*\w])/, '')
    return { names: namesOfClause(clause) }
  }
  if (/(?:^|[;\n}])\s*import\s*$/.test(before)) return { names: [] }
  const called =
    /(?:(?:const|let|var)\s+([\w$\s{},:]+?)\s*=\s*)?(?:await\s+)?(?<![\w$.])(?:require|import)\s*\(\s*$/.exec(
      before,
    )
  if (called) return { names: called[1] ? namesOfClause(called[1]) : [] }
  return undefined
}

/** pythonImports gives the imports of these modules: [{at, names, module}]. */
export function pythonImports(code, modules) {
  const found = []
  const isOurs = (module) => modules.some((one) => module === one || module.startsWith(`${one}.`))
  for (const match of code.matchAll(/^[ \t]*import[ \t]+([\w., \t]+)$/gm)) {
    for (const part of match[1].split(',')) {
      const [module, alias] = part.trim().split(/\s+as\s+/)
      if (isOurs(module)) found.push({ at: match.index, module, names: [alias ?? module.split('.')[0]] })
    }
  }
  for (const match of code.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)/gm)) {
    if (!isOurs(match[1])) continue
    const names = match[2]
      .replace(/[()]/g, '')
      .split(',')
      .map((part) =>
        part
          .trim()
          .split(/\s+as\s+/)
          .at(-1),
      )
      .filter((name) => /^\w+$/.test(name))
    found.push({ at: match.index, module: match[1], names })
  }
  return found
}

/** declared gives where names come to hold something of the provider, or something else: a later call belongs to the last. */
function declared(code, bound, isPython) {
  const seeds = [...bound].map((name) => name.replace(/\$/g, '\\$')).join('|')
  if (seeds === '') return []
  const target = isPython
    ? `()((?:self\\.)?${NAME})`
    : `((?:(?:const|let|var|readonly|private|public|protected|static)\\s+)*)((?:this\\.)?${NAME})`
  const all = [
    ...code.matchAll(new RegExp(`(?<![\\w$.])${target}\\s*(?::[^=\\n;{}()]+)?=(?!=|>)\\s*([^\\n]*)`, 'g')),
  ]
  const ours = new RegExp(
    `^(?:await\\s+)?(?:new\\s+)?(?<![\\w$.])(?:${seeds})(?:\\.${NAME})*\\s*(?:<[^>]*>)?\\s*\\(`,
  )
  const list = []
  for (const [whole, modifiers, name, value] of all.map((match) => [match, ...match.slice(1)])) {
    // The import itself binds its names; it takes them from nobody.
    if (bound.has(name) && /^(?:await\s+)?(?:require|import)\s*\(/.test(value)) continue
    const place = { at: whole.index, isOurs: ours.test(value) }
    list.push({ ...place, name })
    const isField = !isPython && !/\b(?:const|let|var)\b/.test(modifiers) && !name.startsWith('this.')
    if (isField) list.push({ ...place, name: `this.${name}` })
  }
  if (isPython)
    for (const match of code.matchAll(
      new RegExp(`\\bwith\\s+(?:${seeds})(?:\\.${NAME})*\\s*\\([^\\n]*\\)\\s+as\\s+(\\w+)`, 'g'),
    ))
      list.push({ name: match[1], at: match.index, isOurs: true })
  return list
}

/** callsIn gives every place where something that the provider's library bound is called: [{at, name}]. */
export function callsIn(code, imported, isPython) {
  const places = declared(code, imported, isPython)
  const names = new Set(imported)
  for (const { name, isOurs } of places) if (isOurs) names.add(name)
  const found = new Map()
  for (const name of names) {
    const literal = name.replace(/[.$]/g, '\\$&')
    const own = places.filter((place) => place.name === name).sort((one, other) => one.at - other.at)
    const pattern = new RegExp(
      `(?<![\\w$.])${literal}((?:\\s*\\??\\.\\s*${NAME})*)\\s*(?:<[\\w\\s,[\\]]*>)?\\s*\\(`,
      'g',
    )
    for (const match of code.matchAll(pattern)) {
      const before = code.slice(Math.max(0, match.index - 16), match.index)
      if (/(?:\bfunction|\bdef|\bclass)\s+$/.test(before)) continue
      const last = own.filter(({ at }) => at <= match.index).at(-1)
      const isOurs = last ? last.isOurs : imported.has(name) || own[0]?.isOurs === true
      if (isOurs) found.set(match.index, `${name}${match[1].replace(/\s/g, '')}`)
    }
  }
  return [...found].map(([at, name]) => ({ at, name }))
}
