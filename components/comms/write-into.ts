import type { Audience } from '@/lib/comms/model'

/** TextField names one of the two fields of a message. */
export type TextField = 'title' | 'body'

/** fieldOf finds the field of an audience's message on the page. */
export function fieldOf(audience: Audience, field: TextField): HTMLTextAreaElement | null {
  return document.querySelector(`textarea[data-audience="${audience}"][data-field="${field}"]`)
}

/** caretOf is where a person last stood in a field: its end as long as nobody was in it. */
export function caretOf(box: HTMLTextAreaElement): number {
  return Number(box.dataset.caret ?? box.value.length)
}

/** writeInto types into a field as a person would: the browser's own undo takes it back. */
export function writeInto(
  box: HTMLTextAreaElement,
  { from, to }: { readonly from: number; readonly to: number },
  text: string,
): void {
  if (from === to && text === '') return
  box.focus()
  box.setSelectionRange(from, to)
  if (document.execCommand(text === '' ? 'delete' : 'insertText', false, text)) return
  box.setRangeText(text, from, to, 'end')
  box.dispatchEvent(new Event('input', { bubbles: true }))
}
