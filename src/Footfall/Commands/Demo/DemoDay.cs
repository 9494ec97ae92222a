namespace Footfall.Commands.Demo;

/// <summary>Something that a visitor of the demo does.</summary>
/// <param name="Offset">After the start of the day that is played.</param>
/// <param name="Visit">The number of the visit, from 0.</param>
/// <param name="IsFirst">Whether the visit begins with it.</param>
internal sealed record DemoHit(TimeSpan Offset, int Visit, DemoVisitor Visitor, bool IsFirst, string Name, string Path,
    IReadOnlyList<DemoLine> Items);

/// <summary>A quantity of one product.</summary>
internal readonly record struct DemoLine(DemoProduct Product, int Quantity);

/// <summary>
/// A generated day of the demo shop, the same for the same seed: each country is active in its daytime, most visits are short, some have an
/// order.
/// </summary>
/// <param name="hour">The hour of the day in UTC at which it begins.</param>
/// <param name="visits">The number of visits in the day.</param>
internal sealed class DemoDay(int seed, double hour, int visits)
{
    public static readonly TimeSpan Length = TimeSpan.FromDays(1);

    /// <summary>The share of visits at each local hour: low at night, higher at noon, highest in the evening.</summary>
    private static readonly int[] Hours = [10, 6, 4, 3, 3, 5, 10, 18, 28, 36, 42, 46, 52, 50, 46, 45, 47, 52, 60, 70, 78, 72, 48, 24];

    /// <summary>All hits in chronological order, generated on demand.</summary>
    public IEnumerable<DemoHit> GenerateHits()
    {
        var random = new Random(seed);
        var starts = Enumerable.Range(0, visits).Select(_ => PickStart(random)).OrderBy(start => start.At).ToList();
        var waiting = new PriorityQueue<DemoHit, TimeSpan>();
        for (var visit = 0; visit < starts.Count; visit++)
        {
            while (waiting.TryPeek(out var hit, out var at) && at <= starts[visit].At)
            {
                waiting.Dequeue();
                yield return hit;
            }
            foreach (var hit in GenerateVisit(random, visit, starts[visit].At, DemoVisitor.Create(random, starts[visit].Country)))
                waiting.Enqueue(hit, hit.Offset);
        }
        while (waiting.TryDequeue(out var hit, out _)) yield return hit;
    }

    private (TimeSpan At, DemoCountry Country) PickStart(Random random)
    {
        var country = DemoVisitor.PickWeighted(random, DemoShop.Countries, static country => country.Weight);
        var local = DemoVisitor.PickWeighted(random, Hours.Index().ToArray(), static entry => entry.Item).Index + random.NextDouble();
        return (TimeSpan.FromHours(((local - country.Hours - hour) % 24 + 24) % 24), country);
    }

    private static List<DemoHit> GenerateVisit(Random random, int visit, TimeSpan start, DemoVisitor visitor)
    {
        var hits = new List<DemoHit>();
        var at = start;
        var landsOnProduct = random.Next(100) < 40;
        var product = PickProduct(random);
        Do("page_view", landsOnProduct ? Path(product) : "/demo");
        if (landsOnProduct) Do("view_item", Path(product), new DemoLine(product, 1));
        // Nearly half of all visits end where they began.
        if (random.Next(100) < 45) return hits;
        var cart = new List<DemoLine>();
        for (var looks = 1 + random.Next(4); looks > 0; looks--)
        {
            if (hits.Count > 2 || !landsOnProduct)
            {
                product = PickProduct(random);
                Do("page_view", Path(product));
                Do("view_item", Path(product), new DemoLine(product, 1));
            }
            if (random.Next(100) >= 18 || cart.Any(line => line.Product == product)) continue;
            cart.Add(new(product, random.Next(10) == 0 ? 2 : 1));
            Do("add_to_cart", Path(product), cart[^1]);
        }
        if (cart.Count == 0) return hits;
        Do("page_view", "/demo/cart");
        if (random.Next(100) >= 60) return hits;
        Do("page_view", "/demo/checkout");
        Do("begin_checkout", "/demo/checkout", [.. cart]);
        if (random.Next(100) >= 62) return hits;
        Do("page_view", "/demo/thanks");
        Do("purchase", "/demo/thanks", [.. cart]);
        return hits;

        void Do(string name, string path, params DemoLine[] items)
        {
            // A page is viewed for about half a minute; its automatic events come at once.
            if (hits.Count > 0) at += TimeSpan.FromSeconds(name is "page_view" or "add_to_cart" ? 5 + random.Next(60) : 0.2);
            hits.Add(new(at, visit, visitor, hits.Count == 0, name, path, items));
        }
    }

    private static DemoProduct PickProduct(Random random) => DemoShop.Products[random.Next(DemoShop.Products.Count)];

    private static string Path(DemoProduct product) => $"/demo/{product.Slug}";
}
