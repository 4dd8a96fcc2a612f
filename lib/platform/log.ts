import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import { redact, redactText } from './redact'

/** Log is a pino logger whose every line has been redacted. */
export type Log = Logger

/** createLog writes JSON lines to standard output; every object and message is redacted before it is serialised. */
export function createLog(options: {
  readonly name: string
  readonly level: string
  /** to takes the lines instead of standard output. */
  readonly to?: DestinationStream
}): Log {
  const { to } = options
  const settings: LoggerOptions = {
    name: options.name,
    level: options.level,
    base: { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => {
        const safe = redact(fields)
        return safe !== null && typeof safe === 'object' ? { ...safe } : {}
      },
    },
    hooks: {
      logMethod(args, method) {
        method.apply(
          this,
          args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg)) as Parameters<typeof method>,
        )
      },
    },
    serializers: { err: (error: unknown) => redact(error) },
  }
  return to ? pino(settings, to) : pino(settings)
}
