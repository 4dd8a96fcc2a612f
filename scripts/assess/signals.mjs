const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const either = (list) => list.map(escaped).join('|')

/** signalsOf turns a provider into the patterns by which it is found; a list that is empty finds nothing. */
export function signalsOf(provider) {
  const { id, npm, pypi, modules, hosts, variables, programs, images, files } = provider
  const maker = (list, make) => (list.length === 0 ? /(?!)/g : make(either(list)))
  return {
    id,
    npm,
    pypi,
    modules,
    files,
    endpoint: maker(
      hosts,
      (any) => new RegExp(`^(?:(?:https?|wss?)://(?:[^@/\\s]*@)?)?(?:${any})(?::\\d+)?(?:[/?#][^\\s]*)?$`),
    ),
    host: maker(hosts, (any) => new RegExp(`(?<![\\w.-])(?:${any})(?![\\w-]|\\.\\w)`)),
    variable: maker(variables, (any) => new RegExp(`(?<![\\w$])(?:${any})[A-Z0-9_]+(?![\\w$])`, 'g')),
    wholeVariable: maker(variables, (any) => new RegExp(`^(?:${any})[A-Z0-9_]+$`)),
    program: maker(programs, (any) => new RegExp(`^(?:${any})(?:\\s+[a-z-]|$)`)),
    programs: maker(
      programs,
      (any) =>
        new RegExp(
          `(?:^|[;&|(]|\\$\\(|\`|\\b(?:do|then|else|sudo|exec|time)\\s|\\bRUN\\s|\\brun:\\s|^\\s*-\\s)\\s*(${any})\\s+[a-z-]`,
          'g',
        ),
    ),
    image: maker(images, (any) => new RegExp(`^["']?(?:${any})[\\w./@:${'$'}{}-]+["']?$`)),
    npmName: maker(npm, (any) => new RegExp(`^(${any})(?:/.*)?$`)),
    pypiLine: maker(
      pypi,
      (any) => new RegExp(`^\\s*["']?(${any})\\s*(?:\\[[^\\]]*\\])?\\s*(?:[=<>!~;@,"']|$)`),
    ),
    installed: maker(
      [...npm, ...pypi],
      (any) =>
        new RegExp(
          `\\b(?:pip3?|uv pip|uv|poetry|pipx|npm|pnpm|yarn|bun)\\s+(?:install|add|i)\\b[^;&|\\n]*?\\s["']?(${any})(?=["'\\s\\[=<>~@;]|$)`,
          'g',
        ),
    ),
  }
}

/** needleOf is a pattern that any file with a usage contains: what it does not find need not be looked at. */
export function needleOf(providers) {
  const words = new Set()
  for (const { npm, pypi, modules, hosts, variables, programs, images } of providers)
    for (const word of [...npm, ...pypi, ...modules, ...hosts, ...variables, ...programs, ...images])
      words.add(word)
  return new RegExp(either([...words]))
}
