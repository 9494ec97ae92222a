// Makes the pages of the demo shop: web/demo/ as /demo.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { web } from './run.mjs'
import { script } from './scripts.mjs'

/** The site that the shop counts as. */
const site = 'demo.example'
const source = new URL('demo/', web)

const money = (value) => new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(value)
const art = (product) => `<svg class="art ${product.tone}" viewBox="0 0 120 120" aria-hidden="true">${product.art}</svg>`

const lines = (last) => `<div id="full" hidden>
      <table><thead><tr><th>Item</th><th>Price</th>${last ? '<td></td>' : ''}</tr></thead><tbody id="lines"></tbody><tfoot><tr><th>Total</th><th id="total"></th>${last ? '<td></td>' : ''}</tr></tfoot></table>`

const page = (name, title, path, body, product) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} · The small shop</title>
  <link rel="icon" href="/icon.svg">
  <link rel="stylesheet" href="/demo/shop.css">
  <script defer src="/demo/shop.js"></script>
  <script defer src="/footfall.js" data-site="${site}"></script>
</head>
<body data-page="${name}"${product ? ` data-product="${product.slug}"` : ''}>
  <aside class="note">This is a demo: nothing is for sale. <a href="/?site=${site}" target="_blank">See your visit on the dashboard</a>.</aside>
  <header><a class="name" href="/demo">The small shop</a><nav><a href="/demo/cart" id="count">Cart</a></nav></header>
  <main>
    ${body}
  </main>
  <footer>This shop tracks visits with Footfall: one line on each page, plus the GA4 data layer. No cookies.</footer>
  <noscript><img src="/api/v1/pixel.gif?site=${site}&amp;url=${path}" width="1" height="1" alt=""></noscript>
</body>
</html>
`

/** Writes the shop below a directory. */
export async function demo(out) {
  const products = JSON.parse(await readFile(new URL('products.json', source), 'utf8'))
  const target = new URL('demo/', out)
  await mkdir(target, { recursive: true })
  const write = (file, ...rest) => writeFile(new URL(`${file}.html`, target), page(...rest))
  await writeFile(
    new URL('demo.html', out),
    page(
      'list',
      'All products',
      '/demo',
      `<h1>Six good things</h1>
    <p class="calm">For the desk, the table, and the way between them.</p>
    <ul class="grid">${products.map((product) => `<li><a class="card" href="/demo/${product.slug}">${art(product)}<div><b>${product.name}</b><span class="calm">${money(product.price)}</span></div></a></li>`).join('')}</ul>`,
    ),
  )
  for (const product of products)
    await write(
      product.slug,
      'product',
      product.name,
      `/demo/${product.slug}`,
      `<div class="product">${art(product)}<div>
      <p class="calm">${product.category}</p>
      <h1>${product.name}</h1>
      <p>${product.text}</p>
      <p class="price">${money(product.price)}</p>
      <button id="add" disabled>Add to cart</button>
      <p id="added" role="status" hidden>Added to your cart. <a href="/demo/cart">View cart</a></p>
    </div></div>`,
      product,
    )
  await write(
    'cart',
    'cart',
    'Cart',
    '/demo/cart',
    `<h1>Your cart</h1>
    ${lines(true)}
      <a class="button" href="/demo/checkout">Check out</a>
    </div>
    <p id="empty" hidden>Your cart is empty. <a href="/demo">Keep shopping</a></p>`,
  )
  await write(
    'checkout',
    'checkout',
    'Checkout',
    '/demo/checkout',
    `<h1>Checkout</h1>
    <p class="calm">This is a demo: no name, address or card needed.</p>
    ${lines(false)}
      <button id="order">Place order</button>
    </div>
    <p id="empty" hidden>Your cart is empty. <a href="/demo">Keep shopping</a></p>`,
  )
  await write(
    'thanks',
    'thanks',
    'Thank you',
    '/demo/thanks',
    `<h1>Thank you</h1>
    ${lines(false)}
      <p class="calm">Order <span id="number"></span></p>
      <a class="button" href="/?site=${site}" target="_blank">See it on the dashboard</a><a href="/demo">Back to the shop</a>
    </div>
    <p id="empty" hidden>No order yet. <a href="/demo">Keep shopping</a></p>`,
  )
  await copyFile(new URL('shop.css', source), new URL('shop.css', target))
  await writeFile(new URL('shop.js', target), await script('demo/shop.ts'))
}
