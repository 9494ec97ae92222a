/** How cobe places what is on the globe, so that more can be drawn over it and clicks can be understood. Angles in radians unless said otherwise. */
export interface View {
  readonly phi: number
  readonly theta: number
}

/** How much larger than cobe's own size the globe is drawn. */
export const scale = 1.16

/** The radius of the globe, as a share of half the canvas: cobe's own is 0.8. */
export const radius = 0.8 * scale

const radians = Math.PI / 180

/** The view that has a place in its middle. */
export const lookAt = (longitude: number, latitude: number): View => ({
  phi: Math.PI * 1.5 - longitude * radians,
  theta: Math.max(-1, Math.min(1, latitude * radians)),
})

/** Where a place is, from -1 to 1 to the right and up; `front` tells whether it faces the viewer. */
export function project(longitude: number, latitude: number, { phi, theta }: View): { x: number; y: number; front: boolean } {
  const around = longitude * radians - Math.PI
  const across = Math.cos(latitude * radians)
  const [x, y, z] = [-across * Math.cos(around), Math.sin(latitude * radians), across * Math.sin(around)]
  const [cosTheta, sinTheta, cosPhi, sinPhi] = [Math.cos(theta), Math.sin(theta), Math.cos(phi), Math.sin(phi)]
  return {
    x: (cosPhi * x + sinPhi * z) * radius,
    y: (sinPhi * sinTheta * x + cosTheta * y - cosPhi * sinTheta * z) * radius,
    front: -sinPhi * cosTheta * x + sinTheta * y + cosPhi * cosTheta * z > 0,
  }
}

/** The shortest way from one angle to another. */
export function turn(from: number, to: number): number {
  const full = Math.PI * 2
  return ((((to - from) % full) + full + Math.PI) % full) - Math.PI
}
