using System.Globalization;
using System.Security.Cryptography;
using Footfall.Words;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>A history that reads the streams.</summary>
/// <param name="Heard">When it said so last, on Redis' clock.</param>
/// <param name="Places">The last entry of each shard that it has for good.</param>
internal sealed record StreamReader(string Node, long Heard, StreamPlace[] Places);

/// <summary>The histories that read the streams, as they tell each other how far they are.</summary>
internal sealed class StreamReaders(RedisLink link, RedisHitSource source, IOptions<FootfallOptions> options, ILogger<StreamReaders> log)
{
    private const long Hour = 60 * 60 * 1000;

    /// <summary>For how long a name is known to be in use after a word of its process.</summary>
    private static readonly TimeSpan Used = TimeSpan.FromSeconds(15);

    private readonly HashSet<string> _unreadable = [];
    private readonly string _process = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private string? _other;
    private bool _failing, _begun;

    /// <summary>Registers the history of this node, or how far it has come. Where Redis does not take it, it is said, and told the next time.</summary>
    /// <exception cref="RedisServerException">The first time: Redis refuses it, and will again.</exception>
    public async Task TellAsync()
    {
        if (source.Reader is not { } reader) return;
        try
        {
            if (!await HasNameAsync(reader.Node)) return;
            var text = string.Join(' ', reader.Places.Select(static place => (string)place.Id!).Prepend(link.Clock.Now.ToString(CultureInfo.InvariantCulture)));
            await link.Database.HashSetAsync(link.Keys.Readers, source.Reader!.Value.Node, text);
            _failing = false;
            _begun = true;
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error) && (_begun || RedisTrouble.Passes(error)))
        {
            _begun = true;
            if (!_failing) log.ReaderNotTold(RedisTrouble.Sentence(error));
            _failing = true;
        }
    }

    /// <summary>Finds all; forgets those of whom nothing was heard for too long.</summary>
    public async Task<List<StreamReader>> FindAsync(long now)
    {
        var (readers, hours) = (new List<StreamReader>(), options.Value.Redis.StreamHours);
        foreach (var field in await link.Database.HashGetAllAsync(link.Keys.Readers))
        {
            if (Parse(field) is not { } reader)
            {
                if (_unreadable.Add(field.Name.ToString())) log.ReaderUnreadable(field.Name.ToString(), link.Keys.Readers.ToString());
                continue;
            }
            if (reader.Heard < now - hours * Hour)
            {
                log.ReaderForgotten(reader.Node, hours);
                await link.Database.HashDeleteAsync(link.Keys.Readers, reader.Node);
                continue;
            }
            readers.Add(reader);
        }
        return readers;
    }

    /// <summary>
    /// Makes sure that no other process tells by the same name. One that was killed says nothing any more, and its name is free after a while; one that goes on runs on a copy of the data directory.
    /// </summary>
    private async Task<bool> HasNameAsync(string node)
    {
        var held = (string?)await link.Database.StringGetAsync(link.Keys.Reader(node));
        if (held is not null && !held.StartsWith(_process, StringComparison.Ordinal))
        {
            var goesOn = _other is { } seen && seen != held && seen[.._process.Length] == held[.._process.Length];
            _other = held;
            if (!goesOn) return false;
            source.Rename();
            log.ReaderRenamed(node, source.Reader!.Value.Node);
        }
        _other = null;
        // The library would take SETEX, which is one more right that the user of Redis needs.
        await link.Database.ExecuteAsync("SET", link.Keys.Reader(source.Reader!.Value.Node), $"{_process} {link.Clock.Now}", "PX", (long)Used.TotalMilliseconds);
        return true;
    }

    private StreamReader? Parse(HashEntry field)
    {
        var parts = field.Value.ToString().Split(' ');
        if (parts.Length != link.Keys.Shards.Count + 1 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var heard)) return null;
        try
        {
            return new StreamReader(field.Name.ToString(), heard, [.. parts[1..].Select(static id => StreamPlace.Of(id))]);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
