'use client'

let active: HTMLTextAreaElement | undefined

/** holdField remembers where somebody types, so that evidence goes there. */
export function holdField(field: HTMLTextAreaElement): void {
  active = field
}

/** insertText puts a text at the caret of the field that was typed in last; false when there is none. The browser's undo takes it back. */
export function insertText(text: string): boolean {
  if (active === undefined || !active.isConnected) return false
  active.focus()
  const before = active.value.slice(0, active.selectionStart)
  const gap = before === '' || /\s$/.test(before) ? '' : ' '
  document.execCommand('insertText', false, `${gap}${text}`)
  return true
}

const MARKS: Readonly<Record<string, string>> = { b: '**', i: '*', e: '`' }

/** markSelection wraps what is selected by the mark of a key (b, i, e, k); false for every other key. */
export function markSelection(field: HTMLTextAreaElement, key: string): boolean {
  const chosen = field.value.slice(field.selectionStart, field.selectionEnd)
  const mark = MARKS[key]
  if (mark === undefined && key !== 'k') return false
  const text = mark === undefined ? `[${chosen}]()` : `${mark}${chosen}${mark}`
  const from = field.selectionStart
  document.execCommand('insertText', false, text)
  const caret = mark === undefined ? from + text.length - 1 : from + mark.length + chosen.length
  field.setSelectionRange(chosen === '' && mark !== undefined ? from + mark.length : caret, caret)
  return true
}
