import type { HeldCommand } from '@/lib/client/held'

/** heldWords says a command that waits in words; a task by its text where it is known. */
export function heldWords(command: HeldCommand, taskText: string | undefined): string {
  switch (command.name) {
    case 'incidents.addNote':
      return command.input.text
    case 'incidents.addDecision':
      return `Decision: ${command.input.proposal}. ${command.input.outcome}`
    case 'incidents.ackTask':
      return `Task accepted${taskText === undefined ? '' : `: ${taskText}`}`
    case 'incidents.finishTask':
      return `Task ${command.input.outcome}${taskText === undefined ? '' : `: ${taskText}`}`
  }
}
