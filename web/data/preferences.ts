'use client'

import { useCallback, useSyncExternalStore } from 'react'

/** What a person chose on this machine, kept in local storage. It says nothing about visitors. */
export interface Preferences {
  theme: 'dark' | 'light' | ''
  /** Empty until somebody chooses: a globe where the machine has a graphics processor to draw it. */
  world: 'globe' | 'map' | ''
  streamer: 'on' | ''
}

const defaults: Preferences = { theme: '', world: '', streamer: '' }
const keyOf = (name: string) => `footfall.${name}`

/** Sets the theme before the first paint: the one chosen, else the one of the system. Stands in the page as it is, and so must need nothing; where local storage is forbidden, nobody has chosen. */
export const firstPaint = `(function(){var d=document.documentElement,t='';try{t=localStorage.getItem('footfall.theme')}catch(e){}d.dataset.theme=t==='dark'||t==='light'?t:matchMedia('(prefers-color-scheme: light)').matches?'light':'dark';if(new URLSearchParams(location.search).has('wall'))d.dataset.wall=''})()`

const listeners = new Set<() => void>()
/** Where local storage is forbidden, a choice holds until the page is left. */
const memory = new Map<string, string>()

function read<K extends keyof Preferences>(name: K): Preferences[K] {
  const key = keyOf(name)
  if (memory.has(key)) return memory.get(key) as Preferences[K]
  try {
    return (localStorage.getItem(key) ?? defaults[name]) as Preferences[K]
  } catch {
    return defaults[name]
  }
}

function write(name: keyof Preferences, value: string) {
  memory.set(keyOf(name), value)
  try {
    localStorage.setItem(keyOf(name), value)
  } catch {
    // Remembered until the page is left.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  const changed = (event: StorageEvent) => {
    if (event.key?.startsWith('footfall.')) memory.delete(event.key)
    listener()
  }
  listeners.add(listener)
  window.addEventListener('storage', changed)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', changed)
  }
}

export function usePreference<K extends keyof Preferences>(name: K): [Preferences[K], (value: Preferences[K]) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => read(name),
    () => defaults[name],
  )
  return [value, useCallback((next: Preferences[K]) => write(name, next), [name])]
}
