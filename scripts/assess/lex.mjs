/**
 * A lexed file: `code` is as long as the text, with comments and the insides of strings blanked (line ends stay), and
 * `strings` are what stood in quotes, as {start, end, value}: start is the place of the opening quote.
 */

const REGEX_BEFORE =
  /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))$/

/** lexScript lexes JavaScript and TypeScript: quotes, templates with code inside, comments, expressions that are patterns. */
export function lexScript(text) {
  const out = text.split('')
  const strings = []
  let at = 0
  const blank = (from, to) => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' '
  }
  const quoted = (quote) => {
    let end = at + 1
    while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1
    if (text[end] !== quote) {
      at += 1
      return
    }
    strings.push({ start: at, end, value: text.slice(at + 1, end) })
    blank(at + 1, end)
    at = end + 1
  }
  const template = () => {
    let from = at + 1
    at += 1
    const opened = from - 1
    while (at < text.length && text[at] !== '`') {
      if (text[at] === '\\') at += 2
      else if (text[at] === '$' && text[at + 1] === '{') {
        strings.push({ start: opened, end: at, value: text.slice(from, at), isPart: from !== opened + 1 })
        blank(from, at)
        at += 2
        run('}')
        at += 1
        from = at
      } else at += 1
    }
    strings.push({ start: opened, end: at, value: text.slice(from, at), isPart: from !== opened + 1 })
    blank(from, at)
    at += 1
  }
  const pattern = () => {
    let inClass = false
    let end = at + 1
    while (end < text.length && text[end] !== '\n' && (inClass || text[end] !== '/')) {
      if (text[end] === '[') inClass = true
      else if (text[end] === ']') inClass = false
      end += text[end] === '\\' ? 2 : 1
    }
    if (text[end] !== '/') {
      at += 1
      return
    }
    blank(at + 1, end)
    at = end + 1
  }
  const lineBefore = () => {
    let from = at
    while (from > 0 && at - from < 24 && text[from - 1] !== '\n') from -= 1
    return out.slice(from, at).join('').trimEnd()
  }
  function run(until) {
    let depth = 0
    while (at < text.length) {
      const char = text[at]
      if (char === '"' || char === "'") quoted(char)
      else if (char === '`') template()
      else if (char === '/' && text[at + 1] === '/') {
        const end = text.indexOf('\n', at)
        blank(at, end === -1 ? text.length : end)
        at = end === -1 ? text.length : end
      } else if (char === '/' && text[at + 1] === '*') {
        const end = text.indexOf('*/', at + 2)
        const stop = end === -1 ? text.length : end + 2
        blank(at, stop)
        at = stop
      } else if (char === '/' && REGEX_BEFORE.test(lineBefore())) pattern()
      else if (char === '{') {
        depth += 1
        at += 1
      } else if (char === '}') {
        if (depth === 0 && until === '}') return
        depth -= 1
        at += 1
      } else at += 1
    }
  }
  run('')
  return { code: out.join(''), strings }
}

/** lexPython lexes Python: a text that stands for itself (a docstring) is a comment. */
export function lexPython(text) {
  const out = text.split('')
  const strings = []
  const blank = (from, to) => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' '
  }
  let at = 0
  // A text inside of brackets is part of an expression, wherever its line begins.
  let depth = 0
  while (at < text.length) {
    const char = text[at]
    if (char === '#') {
      const end = text.indexOf('\n', at)
      blank(at, end === -1 ? text.length : end)
      at = end === -1 ? text.length : end
    } else if (char === '"' || char === "'") {
      const triple = text.startsWith(char.repeat(3), at)
      const quote = triple ? char.repeat(3) : char
      let end = at + quote.length
      while (end < text.length && !text.startsWith(quote, end) && (triple || text[end] !== '\n'))
        end += text[end] === '\\' ? 2 : 1
      const begin = at + quote.length
      if (text.startsWith(quote, end)) {
        const lineStart = text.lastIndexOf('\n', at - 1) + 1
        const alone = depth === 0 && /^\s*[rRuUbBfF]{0,2}$/.test(text.slice(lineStart, at))
        if (!alone) strings.push({ start: at, end, value: text.slice(begin, end) })
        blank(begin, end)
        at = end + quote.length
      } else at += 1
    } else {
      if (char === '(' || char === '[' || char === '{') depth += 1
      else if (char === ')' || char === ']' || char === '}') depth = Math.max(0, depth - 1)
      at += 1
    }
  }
  return { code: out.join(''), strings }
}

/** lexLines blanks the comments of files in which # begins one: shell, YAML, TOML, Dockerfiles, environment files. */
export function lexLines(text) {
  return text
    .split('\n')
    .map((line) => {
      let quote = ''
      for (let at = 0; at < line.length; at += 1) {
        const char = line[at]
        if (quote !== '') {
          if (char === quote) quote = ''
        } else if ((char === '"' || char === "'") && !/\w/.test(line[at - 1] ?? ' ')) quote = char
        else if (char === '#' && (at === 0 || /\s/.test(line[at - 1]))) return line.slice(0, at)
      }
      return line
    })
    .join('\n')
}
