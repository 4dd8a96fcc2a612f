export type SimClock = {
  readonly startMs: number
  offsetMs(): number
  speed(): number
  setSpeed(speed: number): void
  jump(deltaMs: number): void
}

type ClockInput = { readonly startMs: number; readonly speed: number; readonly wallMs: () => number }

export function createClock({ startMs, speed, wallMs }: ClockInput): SimClock {
  let rate = speed
  let anchorWallMs = wallMs()
  let anchorOffsetMs = 0
  const offsetMs = (): number => Math.round(anchorOffsetMs + (wallMs() - anchorWallMs) * rate)
  const reanchor = (): void => {
    anchorOffsetMs = offsetMs()
    anchorWallMs = wallMs()
  }
  return {
    startMs,
    offsetMs,
    speed: () => rate,
    setSpeed(next) {
      reanchor()
      rate = next
    },
    jump(deltaMs) {
      reanchor()
      anchorOffsetMs = Math.max(0, anchorOffsetMs + deltaMs)
    },
  }
}
