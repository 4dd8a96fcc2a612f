import type { Executor } from '../executor'
import { lookExecutor } from './look'
import { type StatusParams, statusText, supervisorReads, type TailParams } from './supervisor'

/** supervisorLooks are the looks at an instance's supervised programs as actions of the lightest class. */
export function supervisorLooks(kit: Parameters<typeof supervisorReads>[0]): {
  readonly status: Executor<StatusParams>
  readonly tail: Executor<TailParams>
} {
  const reads = supervisorReads(kit)
  return {
    status: lookExecutor({
      id: 'supervisor.status',
      parse: reads.parse.status,
      subject: ({ instance }) => `instance/${instance}`,
      command: () => 'supervisorctl status',
      path: () => '/RPC2#supervisor.getAllProcessInfo',
      effect: 'every program’s state, process and start time are shown',
      take: async (wanted) => {
        const read = await reads.status(wanted)
        if (read.kind !== 'status') return read
        const running = read.programs.filter(({ state }) => state === 'RUNNING').length
        return {
          kind: 'seen',
          detail: `${running} of ${read.programs.length} programs run`,
          output: statusText(read),
        }
      },
    }),
    tail: lookExecutor({
      id: 'supervisor.tail',
      parse: reads.parse.tail,
      subject: ({ instance }) => `instance/${instance}`,
      command: ({ program, bytes }) => `supervisorctl tail -${bytes} ${program} stderr`,
      path: ({ program }) => `/RPC2#supervisor.tailProcessStderrLog ${program}`,
      effect: 'the newest lines of the program’s log are shown, redacted',
      take: async (wanted) => {
        const read = await reads.tail(wanted)
        if (read.kind !== 'tail') return read
        const lines = read.text.split('\n').filter((line) => line !== '').length
        return {
          kind: 'seen',
          detail: `${lines} lines${read.isCut ? '; the log has more before them' : ''}`,
          output: read.text,
        }
      },
    }),
  }
}
