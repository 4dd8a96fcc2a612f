import type { Answer, CallOptions, TestVerdict } from '../source'

/** SupervisorState is supervisor's own word for a program; `OTHER` is a code this adapter does not know. */
export type SupervisorState =
  | 'STOPPED'
  | 'STARTING'
  | 'RUNNING'
  | 'BACKOFF'
  | 'STOPPING'
  | 'EXITED'
  | 'FATAL'
  | 'UNKNOWN'
  | 'OTHER'

/** SupervisorProcess is one program; `startedAt` and `uptimeSeconds` are by the daemon's own clock. */
export type SupervisorProcess = {
  readonly name: string
  readonly group: string
  readonly state: SupervisorState
  readonly stateText: string
  readonly pid?: number
  readonly startedAt?: Date
  readonly uptimeSeconds?: number
  readonly exitStatus?: number
  readonly spawnError: string
  readonly description: string
}

/** SupervisorConfig points at `/RPC2` of an inet server; never expose that server to the open net. */
export type SupervisorConfig = { readonly url: string; readonly user?: string; readonly password?: string }

/** Supervisor reads one supervisord; it starts and stops nothing. */
export type Supervisor = {
  readonly processes: (options?: Partial<CallOptions>) => Promise<Answer<readonly SupervisorProcess[]>>
  readonly state: (
    options?: Partial<CallOptions>,
  ) => Promise<Answer<{ readonly code: number; readonly name: string }>>
  readonly test: () => Promise<TestVerdict>
}
