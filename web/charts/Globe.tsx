'use client'

import createGlobe, { type COBEOptions } from 'cobe'
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { useLighter } from '@/ui/frames'
import { useReducedMotion } from '@/ui/motion'
import { MapTip } from './MapTip'
import { lookAt, project, radius, scale, turn, type View } from './sphere'
import type { WorldProps } from './types'
import { useWorld, type World } from './world'

/** Radians a second. */
const spin = 0.12
const flashLength = 1_600
const mostFlashes = 60

type Rgb = [number, number, number]
interface Flash {
  readonly place: readonly [number, number]
  readonly color: string
  readonly began: number
}

const looks: Record<
  'dark' | 'light',
  Pick<COBEOptions, 'dark' | 'diffuse' | 'mapBrightness' | 'mapBaseBrightness' | 'baseColor' | 'glowColor' | 'markerColor'> & {
    accent: Rgb
    pale: Rgb
  }
> = {
  dark: {
    dark: 1,
    diffuse: 1.1,
    mapBrightness: 1.7,
    mapBaseBrightness: 0.03,
    baseColor: [0.34, 0.37, 0.43],
    glowColor: [0.06, 0.085, 0.105],
    markerColor: [0.3, 0.79, 0.94],
    accent: [0.3, 0.79, 0.94],
    pale: [0.13, 0.29, 0.35],
  },
  light: {
    dark: 0,
    diffuse: 0.5,
    mapBrightness: 1.5,
    mapBaseBrightness: 0,
    baseColor: [0.99, 0.99, 1],
    glowColor: [0.93, 0.945, 0.96],
    markerColor: [0.04, 0.44, 0.64],
    accent: [0.04, 0.44, 0.64],
    pale: [0.55, 0.75, 0.86],
  },
}

const mix = (from: Rgb, to: Rgb, share: number) => from.map((value, i) => value + ((to[i] ?? value) - value) * share) as Rgb

/** A country is shaded by the points of its grid; a small one is one larger dot. */
function markersOf(world: World, shades: WorldProps['shades'], chosen: string | null, look: (typeof looks)['dark']) {
  return Object.entries(shades).flatMap(([code, share]) => {
    const points = world.land[code] ?? []
    const faded = chosen !== null && chosen !== code
    const color = mix(look.pale, look.accent, faded ? share * 0.25 : share)
    const small = points.length <= 4
    const size = small ? 0.022 : 0.0125
    return Array.from({ length: small ? 1 : points.length / 2 }, (_, i) => ({
      location: [points[i * 2 + 1] ?? 0, points[i * 2] ?? 0] as [number, number],
      size,
      color,
    }))
  })
}

/** The country whose land is nearest to a point of the canvas; `null` beside the globe. */
function countryAt(world: World, x: number, y: number, view: View): string | null {
  if (Math.hypot(x, y) > radius) return null
  let [nearest, distance]: [string | null, number] = [null, 0.06]
  for (const [code, points] of Object.entries(world.land))
    for (let i = 0; i < points.length; i += 2) {
      const point = project(points[i] ?? 0, points[i + 1] ?? 0, view)
      if (!point.front) continue
      const away = Math.hypot(point.x - x, point.y - y)
      if (away < distance) [nearest, distance] = [code, away]
    }
  return nearest
}

/** Whether the globe can be drawn: by a graphics processor, by the main processor (which takes all of it), or not at all. */
export function drawnBy(): 'graphics' | 'processor' | 'nothing' {
  const context = (options?: WebGLContextAttributes) => {
    const canvas = document.createElement('canvas')
    return canvas.getContext('webgl2', options) ?? canvas.getContext('webgl', options)
  }
  const found = context({ failIfMajorPerformanceCaveat: true })
  if (found === null) return context() === null ? 'nothing' : 'processor'
  // Not every browser admits it.
  const names = found.getExtension('WEBGL_debug_renderer_info')
  const renderer = names === null ? '' : String(found.getParameter(names.UNMASKED_RENDERER_WEBGL))
  return /swiftshader|llvmpipe|software/i.test(renderer) ? 'processor' : 'graphics'
}

export default function Globe({ shades, chosen, onChoose, describe, label, flashes }: WorldProps) {
  const world = useWorld()
  /** cobe puts its canvas into elements of its own, which React must know nothing of. */
  const host = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const overlay = useRef<HTMLCanvasElement>(null)
  const [side, setSide] = useState(0)
  const [theme, setTheme] = useState<'dark' | 'light'>('dark')
  const [tip, setTip] = useState<{ code: string; x: number; y: number } | null>(null)
  const reducedMotion = useReducedMotion()
  const lighter = useLighter()
  // What the drawing loop reads changes without a new globe.
  const view = useRef({ phi: lookAt(10, 22).phi, theta: 0.32 })
  const aim = useRef<View | null>(null)
  const drag = useRef<{ x: number; y: number; moved: number } | null>(null)
  const markers = useRef<{ list: ReturnType<typeof markersOf>; fresh: boolean }>({ list: [], fresh: false })
  const still = reducedMotion || lighter

  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(
      ([entry]) => entry && setSide(Math.round(Math.min(entry.contentRect.width, entry.contentRect.height))),
    )
    observer.observe(element)
    const root = document.documentElement
    const read = () => setTheme(root.dataset.theme === 'light' ? 'light' : 'dark')
    read()
    const themes = new MutationObserver(read)
    themes.observe(root, { attributeFilter: ['data-theme'] })
    return () => {
      observer.disconnect()
      themes.disconnect()
    }
  }, [])

  useEffect(() => {
    if (world === undefined) return
    markers.current = { list: markersOf(world, shades, chosen, looks[theme]), fresh: true }
  }, [world, shades, chosen, theme, side])

  useEffect(() => {
    const place = chosen === null ? undefined : world?.places[chosen]
    aim.current = place === undefined ? null : lookAt(place[0], place[1] * 0.6)
  }, [chosen, world])

  useEffect(() => {
    const [parent, above] = [host.current, overlay.current]
    if (parent === null || above === null || side === 0) return
    const surface = document.createElement('canvas')
    surface.style.cssText = 'width:100%;height:100%;display:block'
    parent.append(surface)
    const ratio = lighter ? 1 : Math.min(2, window.devicePixelRatio || 1)
    const { accent: _accent, pale: _pale, ...look } = looks[theme]
    const globe = createGlobe(surface, {
      width: side,
      height: side,
      devicePixelRatio: ratio,
      mapSamples: lighter ? 8_000 : 18_000,
      markerElevation: 0.005,
      scale,
      ...view.current,
      ...look,
    })
    above.width = above.height = side * ratio
    const context = above.getContext('2d')
    let active: Flash[] = []
    const stop = reducedMotion
      ? undefined
      : flashes((code, color) => {
          const place = world?.places[code]
          if (place !== undefined && active.length < mostFlashes && !document.hidden)
            active.push({ place: [place[0], place[1]], color: getComputedStyle(above).getPropertyValue(color), began: performance.now() })
        })
    let seen = true
    const visible = new IntersectionObserver(([entry]) => (seen = entry?.isIntersecting ?? true))
    visible.observe(surface)
    markers.current.fresh = true
    let last = performance.now()
    const born = last
    let drawn = { phi: Number.NaN, theta: Number.NaN }
    let frame = requestAnimationFrame(function draw(now) {
      frame = requestAnimationFrame(draw)
      if (!seen) return
      const passed = Math.min(100, now - last) / 1_000
      last = now
      if (drag.current === null && aim.current !== null) {
        const step = reducedMotion ? 1 : Math.min(1, passed * 4)
        view.current.phi += turn(view.current.phi, aim.current.phi) * step
        view.current.theta += (aim.current.theta - view.current.theta) * step
      } else if (drag.current === null && !still) {
        view.current.phi -= passed * spin
      }
      // cobe draws land once its image has been loaded, and does not tell when.
      const moved =
        now - born < 1_500 ||
        Math.abs(view.current.phi - drawn.phi) > 1e-4 ||
        Math.abs(view.current.theta - drawn.theta) > 1e-4 ||
        Number.isNaN(drawn.phi)
      if (moved || markers.current.fresh) {
        globe.update({ ...view.current, ...(markers.current.fresh && { markers: markers.current.list }) })
        markers.current.fresh = false
        drawn = { ...view.current }
      }
      if (context !== null && active.length > 0) active = drawFlashes(context, active, view.current, now, side, ratio)
    })
    return () => {
      cancelAnimationFrame(frame)
      visible.disconnect()
      stop?.()
      globe.destroy()
      parent.replaceChildren()
    }
  }, [side, theme, world, flashes, still, reducedMotion, lighter])

  const at = (event: PointerEvent) => {
    const bounds = host.current?.getBoundingClientRect()
    if (bounds === undefined || world === undefined) return null
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top]
    const code = countryAt(world, (x / bounds.width) * 2 - 1, 1 - (y / bounds.height) * 2, view.current)
    return code === null ? null : { code, x: x + (host.current?.offsetLeft ?? 0), y: y + (host.current?.offsetTop ?? 0) }
  }
  const move = (event: PointerEvent) => {
    const from = drag.current
    if (from === null) {
      if (event.pointerType === 'mouse') setTip(at(event))
      return
    }
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
    drag.current = { x: event.clientX, y: event.clientY, moved: from.moved + Math.abs(dx) + Math.abs(dy) }
    view.current.phi += dx / (side / 2.2)
    view.current.theta = Math.max(-1, Math.min(1, view.current.theta + dy / (side / 2.2)))
    if (drag.current.moved > 4) aim.current = null
  }
  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      className="relative flex size-full touch-pan-y items-center justify-center select-none"
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY, moved: 0 }
        event.currentTarget.setPointerCapture(event.pointerId)
        setTip(null)
      }}
      onPointerMove={move}
      onPointerUp={(event) => {
        const clicked = drag.current !== null && drag.current.moved < 5 ? at(event) : null
        drag.current = null
        if (clicked !== null) onChoose(clicked.code)
      }}
      onPointerCancel={() => (drag.current = null)}
      onPointerLeave={() => setTip(null)}
    >
      <div ref={host} style={{ width: side, height: side }} className="cursor-grab active:cursor-grabbing" />
      <canvas ref={overlay} style={{ width: side, height: side }} className="pointer-events-none absolute" />
      {tip !== null && (
        <MapTip x={tip.x} y={tip.y}>
          {describe(tip.code)}
        </MapTip>
      )}
    </div>
  )
}

function drawFlashes(context: CanvasRenderingContext2D, flashes: Flash[], view: View, now: number, side: number, ratio: number): Flash[] {
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, side, side)
  const alive = flashes.filter((flash) => now - flash.began < flashLength)
  for (const { place, color, began } of alive) {
    const { x, y, front } = project(place[0], place[1], view)
    if (!front) continue
    const progress = Math.max(0, now - began) / flashLength
    const [left, top] = [((x + 1) / 2) * side, ((1 - y) / 2) * side]
    context.strokeStyle = context.fillStyle = color
    context.globalAlpha = (1 - progress) ** 1.5
    context.lineWidth = 2
    context.beginPath()
    context.arc(left, top, 3 + progress * 20, 0, Math.PI * 2)
    context.stroke()
    context.beginPath()
    context.arc(left, top, 3, 0, Math.PI * 2)
    context.fill()
  }
  context.globalAlpha = 1
  return alive
}
