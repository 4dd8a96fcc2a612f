/** Track follows the sequence numbers that one viewer gets. */
export type Track = {
  last: number
  frames: number
  /** gaps counts numbers that were skipped without a reset before them. */
  gaps: number
  /** repeats counts numbers that came twice or out of order. */
  repeats: number
  resets: number
}

/** newTrack follows a viewer that has seen nothing; its first delta starts the count wherever it stands. */
export function newTrack(): Track {
  return { last: -1, frames: 0, gaps: 0, repeats: 0, resets: 0 }
}

/** noteDelta counts a delta: contiguous, after a gap, or a repeat. */
export function noteDelta(track: Track, seq: number): void {
  track.frames += 1
  if (track.last >= 0 && seq <= track.last) {
    track.repeats += 1
    return
  }
  if (track.last >= 0 && seq > track.last + 1) track.gaps += seq - track.last - 1
  track.last = seq
}

/** noteReset counts an announced jump: the viewer fetches a snapshot and goes on from `seq`. */
export function noteReset(track: Track, seq: number): void {
  track.resets += 1
  track.last = seq
}
