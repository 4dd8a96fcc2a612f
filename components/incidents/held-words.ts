import type { HeldCommand } from '@/lib/client/held'

/** heldWords says a command that waits in words; a task or an item by its text where it is known. */
export function heldWords(command: HeldCommand, subject: string | undefined): string {
  const of = subject === undefined ? '' : `: ${subject}`
  switch (command.name) {
    case 'incidents.addNote':
      return command.input.text
    case 'incidents.addDecision':
      return `Decision: ${command.input.proposal}. ${command.input.outcome}`
    case 'incidents.ackTask':
      return `Task accepted${of}`
    case 'incidents.finishTask':
      return `Task ${command.input.outcome}${of}`
    case 'checklists.open':
      return `Checklist opened${of}`
    case 'checklists.tick':
      return `${command.input.skip ? 'Skipped' : 'Ticked'}${of}`
    case 'checklists.untick':
      return `Tick taken back${of}`
  }
}
