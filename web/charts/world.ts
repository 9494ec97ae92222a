import { useEffect, useState } from 'react'

/** What `scripts/world.mjs` makes: outlines for the flat map, the middle of each country, and points of a grid within it for the globe. */
export interface World {
  readonly width: number
  readonly height: number
  readonly shapes: readonly (readonly [code: string, path: string])[]
  readonly places: Readonly<Record<string, readonly [longitude: number, latitude: number, x: number, y: number, small: 0 | 1]>>
  readonly land: Readonly<Record<string, readonly number[]>>
}

let loading: Promise<World> | undefined

/** The world; absent until its file has come, which is not part of the first load. */
export function useWorld(): World | undefined {
  const [world, setWorld] = useState<World>()
  useEffect(() => {
    let gone = false
    loading ??= import('@/.generated/world.json').then((module) => module.default as unknown as World)
    loading.then(
      (loaded) => !gone && setWorld(loaded),
      // The next one who needs it tries again.
      () => (loading = undefined),
    )
    return () => {
      gone = true
    }
  }, [])
  return world
}
