// The demo shop. It knows nothing of Footfall: it fills GA4's data layer, as shops do.
import products from './products.json'

type Product = (typeof products)[number]
interface Line {
  slug: string
  quantity: number
}

const CART = 'demo_cart'
const ORDER = 'demo_order'

const read = <T>(key: string, none: T): T => JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? none
const write = (key: string, value: unknown) => sessionStorage.setItem(key, JSON.stringify(value))
const element = (id: string) => document.getElementById(id)!
const money = (value: number) => new Intl.NumberFormat(document.documentElement.lang, { style: 'currency', currency: 'EUR' }).format(value)

const cart = () => read<Line[]>(CART, [])
const productOf = (slug: string): Product => products.find((product) => product.slug === slug)!
const itemOf = ({ slug, quantity }: Line) => {
  const { id, name, category, price } = productOf(slug)
  return { item_id: id, item_name: name, item_category: category, price, quantity }
}
const worth = (lines: Line[]) =>
  Math.round(lines.reduce((sum, { slug, quantity }) => sum + productOf(slug).price * quantity, 0) * 100) / 100

/** As Google's documentation has it: first what was there before is cleared. */
function push(event: string, lines: Line[], more: object = {}) {
  window.dataLayer ??= []
  const layer = window.dataLayer
  layer.push({ ecommerce: null })
  layer.push({ event, ecommerce: { currency: 'EUR', value: worth(lines), items: lines.map(itemOf), ...more } })
}

function put(lines: Line[]) {
  write(CART, lines)
  showCount()
}

function showCount() {
  const count = cart().reduce((sum, { quantity }) => sum + quantity, 0)
  element('count').textContent = count ? `Cart (${count})` : 'Cart'
}

function add(slug: string) {
  const lines = cart()
  const line = lines.find((line) => line.slug === slug)
  if (line) line.quantity++
  else lines.push({ slug, quantity: 1 })
  put(lines)
  push('add_to_cart', [{ slug, quantity: 1 }])
  element('added').hidden = false
}

function remove(line: Line) {
  put(cart().filter(({ slug }) => slug !== line.slug))
  push('remove_from_cart', [line])
  showLines(cart(), true)
}

function showLines(lines: Line[], changeable = false) {
  const rows = lines.map((line) => {
    const row = document.createElement('tr')
    const { name, price } = productOf(line.slug)
    for (const text of [`${line.quantity} × ${name}`, money(price * line.quantity)]) row.insertCell().textContent = text
    if (changeable) {
      const button = document.createElement('button')
      button.className = 'plain'
      button.textContent = 'Remove'
      button.setAttribute('aria-label', `Remove ${name}`)
      button.onclick = () => remove(line)
      row.insertCell().append(button)
    }
    return row
  })
  element('lines').replaceChildren(...rows)
  element('total').textContent = money(worth(lines))
  element('full').hidden = lines.length === 0
  element('empty').hidden = lines.length > 0
}

const pages: Record<string, () => void> = {
  product() {
    const slug = document.body.dataset.product!
    push('view_item', [{ slug, quantity: 1 }])
    const button = element('add') as HTMLButtonElement
    button.onclick = () => add(slug)
    // It does nothing before this: a click on it would be lost.
    button.disabled = false
  },
  cart: () => showLines(cart(), true),
  checkout() {
    const lines = cart()
    showLines(lines)
    if (lines.length) push('begin_checkout', lines)
    element('order').onclick = () => {
      write(ORDER, { id: `D-${Date.now()}-${Math.random().toString(36).slice(2, 8)}`, lines })
      write(CART, [])
      location.href = '/demo/thanks'
    }
  },
  thanks() {
    const order = read<{ id: string; lines: Line[] } | null>(ORDER, null)
    showLines(order?.lines ?? [])
    if (!order) return
    element('number').textContent = order.id
    // Each time the page is loaded, as many shops do: the order counts once by its number.
    push('purchase', order.lines, { transaction_id: order.id })
  },
}

showCount()
pages[document.body.dataset.page!]?.()

declare global {
  interface Window {
    dataLayer?: unknown[]
  }
}
