'use client'

import { memo, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useLighter } from '@/ui/frames'
import { useReducedMotion } from '@/ui/motion'
import { MapTip } from './MapTip'
import type { WorldProps } from './types'
import { useWorld, type World } from './world'

/** The most rings at once: more are no longer seen one by one. */
const mostRings = 40

export default function FlatMap({ shades, chosen, onChoose, describe, label, flashes }: WorldProps) {
  const world = useWorld()
  const rings = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [tip, setTip] = useState<{ code: string; x: number; y: number } | null>(null)
  const reducedMotion = useReducedMotion()
  const lighter = useLighter()

  useEffect(() => {
    if (world === undefined || reducedMotion) return
    return flashes((code, color) => {
      const place = world.places[code]
      const parent = rings.current
      if (place === undefined || parent === null || parent.childElementCount >= (lighter ? 8 : mostRings) || document.hidden) return
      const ring = document.createElement('span')
      ring.className = 'absolute size-9 -mt-4.5 -ml-4.5 rounded-full border-2 animate-[ring_1.6s_ease-out_forwards]'
      ring.style.cssText = `left:${(place[2] / world.width) * 100}%;top:${(place[3] / world.height) * 100}%;border-color:var(${color})`
      ring.addEventListener('animationend', () => ring.remove())
      parent.append(ring)
    })
  }, [world, flashes, reducedMotion, lighter])

  const over = (event: PointerEvent) => {
    const code = (event.target as Element).getAttribute('data-code')
    const bounds = box.current?.getBoundingClientRect()
    setTip(code === null || bounds === undefined ? null : { code, x: event.clientX - bounds.left, y: event.clientY - bounds.top })
  }
  if (world === undefined) return <div className="size-full animate-pulse-soft" />
  return (
    <div
      ref={box}
      className="relative m-auto w-full"
      style={{ aspectRatio: `${world.width} / ${world.height}`, maxWidth: '100%', maxHeight: '100%' }}
      onPointerMove={over}
      onPointerLeave={() => setTip(null)}
    >
      <Countries world={world} shades={shades} chosen={chosen} onChoose={onChoose} label={label} />
      <div ref={rings} aria-hidden className="pointer-events-none absolute inset-0" />
      {tip !== null && (
        <MapTip x={tip.x} y={tip.y}>
          {describe(tip.code)}
        </MapTip>
      )}
    </div>
  )
}

const color = (share: number | undefined) =>
  share
    ? `color-mix(in oklab, var(--accent) calc(var(--shade-least) + (var(--shade-most) - var(--shade-least)) * ${share.toFixed(3)}), var(--land))`
    : 'var(--land)'

const Countries = memo(function Countries({
  world,
  shades,
  chosen,
  onChoose,
  label,
}: Pick<WorldProps, 'shades' | 'chosen' | 'onChoose' | 'label'> & { world: World }) {
  const dots = useMemo(() => Object.entries(world.places).filter(([, place]) => place[4] === 1), [world])
  const faded = useCallback((code: string) => (chosen === null || chosen === code ? 1 : 0.35), [chosen])
  return (
    <svg viewBox={`0 0 ${world.width} ${world.height}`} role="img" aria-label={label} className="size-full overflow-visible">
      {world.shapes.map(([code, path]) => (
        <path
          key={path}
          d={path}
          data-code={code}
          fill={color(shades[code])}
          stroke={chosen === code ? 'var(--ink)' : 'var(--land-line)'}
          strokeWidth={chosen === code ? 1.2 : 0.6}
          opacity={faded(code)}
          className="cursor-pointer transition-[fill,opacity] duration-500 hover:brightness-125"
          onClick={() => onChoose(code)}
        />
      ))}
      {dots.map(([code, [, , x, y]]) => (
        <circle
          key={code}
          cx={x}
          cy={y}
          r={shades[code] ? 3.4 : 1.8}
          data-code={code}
          fill={color(shades[code])}
          stroke={chosen === code ? 'var(--ink)' : shades[code] ? 'var(--page)' : 'var(--line-strong)'}
          strokeWidth={0.8}
          opacity={faded(code)}
          className="cursor-pointer transition-[fill,opacity] duration-500"
          onClick={() => onChoose(code)}
        />
      ))}
    </svg>
  )
})
