using System.Globalization;

namespace Footfall.Commands.Demo;

/// <summary>Who visits: from where, with which browser, and by which link.</summary>
/// <param name="UserAgent">Unique for each visitor, because all of them have the address of this machine.</param>
/// <param name="Link">The query that the link adds to the first URL, such as <c>?utm_source=newsletter</c>.</param>
internal sealed record DemoVisitor(DemoCountry Country, string UserAgent, int Screen, string? Referrer, string Link)
{
    private static readonly (int Weight, string? Referrer, string Link)[] Links =
    [
        (34, null, ""),
        (27, "https://www.google.com/", ""),
        (8, null, "?utm_source=newsletter&utm_medium=email&utm_campaign=november"),
        (7, "https://www.instagram.com/", ""),
        (6, "https://www.google.com/", "?utm_source=google&utm_medium=cpc&utm_campaign=lamps"),
        (5, "https://www.facebook.com/", ""),
        (4, "https://www.bing.com/", ""),
        (3, "https://duckduckgo.com/", ""),
        (3, "https://chatgpt.com/", ""),
        (2, "https://www.youtube.com/", ""),
        (1, "https://news.ycombinator.com/", ""),
    ];

    public static DemoVisitor Create(Random random, DemoCountry country)
    {
        var (_, referrer, link) = PickWeighted(random, Links, static entry => entry.Weight);
        var (agent, screen) = PickBrowser(random);
        return new(country, agent, screen, referrer, link);
    }

    /// <summary>A weighted random choice.</summary>
    public static T PickWeighted<T>(Random random, IReadOnlyList<T> choices, Func<T, int> weight)
    {
        var left = random.Next(choices.Sum(weight));
        foreach (var choice in choices)
            if ((left -= weight(choice)) < 0) return choice;
        throw new InvalidOperationException("There is nothing to choose from.");
    }

    private static (string Agent, int Screen) PickBrowser(Random random)
    {
        // Minor version numbers make each browser unique.
        var build = string.Create(CultureInfo.InvariantCulture,
            $"{random.Next(138, 143)}.0.{random.Next(7000, 8000)}.{random.Next(1, 1000)}");
        return random.Next(100) switch
        {
            < 30 => ($"Mozilla/5.0 (iPhone; CPU iPhone OS 18_{random.Next(0, 7)} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
                $"Version/18.{random.Next(0, 7)} Mobile/15E{random.Next(100, 100_000)} Safari/604.1", 390),
            < 52 => ($"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{build} Mobile Safari/537.36", 412),
            < 74 => ($"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{build} Safari/537.36",
                1920),
            < 82 => ($"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{build} Safari/537.36 " +
                $"Edg/{build}", 1536),
            < 92 => ($"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.{random.Next(10, 100_000)} (KHTML, like Gecko) " +
                $"Version/18.{random.Next(0, 7)} Safari/605.1.15", 1440),
            < 97 => ($"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{random.Next(128, 146)}.0) Gecko/20100101 " +
                $"Firefox/{random.Next(128, 146)}.{random.Next(0, 10_000)}", 1366),
            _ => ($"Mozilla/5.0 (iPad; CPU OS 18_{random.Next(0, 7)} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
                $"Version/18.0 Mobile/15E{random.Next(100, 100_000)} Safari/604.1", 820),
        };
    }
}
