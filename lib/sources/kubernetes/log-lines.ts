const KEPT_LINES = 20
const LINE_LENGTH = 300
const IS_ERROR =
  /"level":\s*"?(?:error|fatal|50|60)\b|\b(?:ERROR|FATAL|CRITICAL)\b|\berror\b|exception|traceback/i

/** errorLinesOf picks the newest error lines out of logs whose lines begin with their time, newest first, at most 20 of 300 characters. */
export function errorLinesOf(logs: readonly string[]): readonly string[] {
  return logs
    .flatMap((log) => log.split('\n'))
    .filter((line) => IS_ERROR.test(line))
    .sort((left, right) => (left < right ? 1 : -1))
    .slice(0, KEPT_LINES)
    .map((line) => line.slice(0, LINE_LENGTH))
}
