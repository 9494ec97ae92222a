interface Speck {
  x: number
  y: number
  life: number
  readonly drift: number
}

/** Lets the text of an input scatter to the right, on a canvas that lies over it. The pixels are those of the text as it was drawn. */
export function vanish(input: HTMLInputElement, canvas: HTMLCanvasElement, text: string) {
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return
  const { width, height } = canvas.getBoundingClientRect()
  const style = getComputedStyle(input)
  canvas.width = Math.ceil(width)
  canvas.height = Math.ceil(height)
  context.font = `${style.fontSize} ${style.fontFamily}`
  context.fillStyle = style.color
  context.textBaseline = 'middle'
  context.fillText(text, Number.parseFloat(style.paddingLeft), height / 2)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const specks: Speck[] = []
  for (let y = 0; y < canvas.height; y += 2)
    for (let x = 0; x < canvas.width; x += 2)
      if ((data[(y * canvas.width + x) * 4 + 3] ?? 0) > 100) specks.push({ x, y, life: 1 + x / width, drift: (Math.random() - 0.5) * 1.6 })
  const step = () => {
    context.clearRect(0, 0, canvas.width, canvas.height)
    let alive = 0
    for (const speck of specks) {
      speck.life -= 0.045
      if (speck.life <= 0) continue
      alive++
      if (speck.life < 1) {
        speck.x += 1.5
        speck.y += speck.drift
      }
      context.globalAlpha = Math.min(1, speck.life)
      context.fillRect(speck.x, speck.y, 1.6, 1.6)
    }
    if (alive > 0) requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
}
