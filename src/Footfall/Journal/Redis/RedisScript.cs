using System.Security.Cryptography;
using System.Text;
using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// An embedded script. It is called by its hash; a server that does not know it, because it is new or was restarted, gets the source once.
/// </summary>
internal sealed class RedisScript
{
    private readonly string _text;
    private readonly byte[] _hash;

    /// <param name="name">The name of the file.</param>
    public RedisScript(string name)
    {
        _text = EmbeddedResources.ReadText(name);
        // Redis identifies a script by its SHA-1: https://redis.io/docs/latest/commands/evalsha/.
#pragma warning disable CA5350
        _hash = SHA1.HashData(Encoding.UTF8.GetBytes(_text));
#pragma warning restore CA5350
    }

    public async Task<RedisResult> RunAsync(IDatabase redis, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await redis.ScriptEvaluateAsync(_hash, keys, values);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await redis.ExecuteAsync("EVAL", [_text, keys.Length, .. keys.Cast<object>(), .. values.Cast<object>()]);
        }
    }

    public RedisResult Run(IDatabase redis, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return redis.ScriptEvaluate(_hash, keys, values);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return redis.Execute("EVAL", [_text, keys.Length, .. keys.Cast<object>(), .. values.Cast<object>()]);
        }
    }
}
