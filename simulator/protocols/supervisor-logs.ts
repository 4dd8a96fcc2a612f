import type { Instant } from '../reply'
import type { Program } from '../scenario-events'
import type { ProgramState } from '../world/workers'

type LogInput = {
  readonly program: Program
  readonly state: ProgramState
  readonly at: Instant
  readonly startMs: number
}

const EVERY_MS = 20_000
const LINES = 40

const ORDINARY: Readonly<Record<Program, readonly string[]>> = {
  'worker-cpu': [
    'INFO activity completed name=probe',
    'INFO polling video-processing@cpu',
    'INFO activity started name=split',
  ],
  'worker-gpu': [
    'INFO activity completed name=upscale',
    'INFO polling video-processing@gpu',
    'INFO activity started name=denoise',
  ],
  llama: ['slot released', 'prompt eval time 112 ms', 'slot processing task'],
}

export function programLog({ program, state, at, startMs }: LogInput): string {
  const lastMs = state.working ? at.offsetMs : Math.min(at.offsetMs, state.sinceMs)
  const lines: string[] = []
  for (let index = LINES - 1; index >= 0; index -= 1) {
    const stamp = Math.floor(lastMs / EVERY_MS) * EVERY_MS - index * EVERY_MS
    const said = ORDINARY[program][Math.abs(stamp / EVERY_MS) % ORDINARY[program].length]
    lines.push(`${new Date(startMs + stamp).toISOString()} ${said ?? ''}`)
  }
  if (!state.working) lines.push(`${new Date(startMs + lastMs).toISOString()} ${lastWords(state)}`)
  return `${lines.join('\n')}\n`
}

function lastWords(state: ProgramState): string {
  switch (state.state) {
    case 'FATAL':
    case 'BACKOFF':
      return 'ERROR Traceback: RuntimeError: CUDA error: out of memory'
    case 'EXITED':
      return 'ERROR worker ended: connection to task queue closed'
    case 'RUNNING':
      return 'WARN heartbeat of activity delayed'
    default:
      return 'INFO shutting down'
  }
}
