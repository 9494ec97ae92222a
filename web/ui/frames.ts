'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { type FrameRateState, judgeFrameRate } from './frameRate'

/** Whether the page spares the machine: frames were dropped. */
let lighter = false
const listeners = new Set<() => void>()

function set(value: boolean) {
  if (lighter === value) return
  lighter = value
  document.documentElement.toggleAttribute('data-light-mode', value)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Whether it does at this moment, for who draws outside of React. */
export const isLighter = () => lighter

export const useLighter = () =>
  useSyncExternalStore(
    subscribe,
    () => lighter,
    () => false,
  )

/** Watches how many frames a second the page gets, and turns the lighter mode on for this visit once they are too few for some seconds. */
export function useFrameWatch() {
  useEffect(() => {
    let frame = 0
    let state: FrameRateState = { slow: 0, lighter: false }
    let count = 0
    let began = performance.now()
    const tick = (now: number) => {
      count++
      if (now - began >= 1_000) {
        // A page that was hidden or a machine that slept has no frames to judge.
        if (now - began < 3_000) state = judgeFrameRate(state, (count * 1_000) / (now - began))
        if (state.lighter) set(true)
        count = 0
        began = now
      }
      if (!state.lighter) frame = requestAnimationFrame(tick)
    }
    frame = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(frame)
  }, [])
}
