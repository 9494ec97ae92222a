namespace Footfall.Tests.History.Projection;

public sealed class NicenessTests
{
    [Fact]
    public async Task The_thread_of_the_history_has_a_lower_priority()
    {
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data);
        // The tests may run with a lower priority themselves, and so does everything they start.
        var own = NiceOf(program.Id, ".NET TP Worker")!.Value;
        Assert.InRange(own, 0, 19);
        await Eventually.BecomesAsync(() =>
            Task.FromResult(NiceOf(program.Id, "History") == Math.Max(5, own)), "the thread has its nice value");
        // Requests are served by threads that are as before.
        Assert.Equal(own, NiceOf(program.Id, ".NET TP Worker"));
    }

    /// <summary>The 19th field (proc(5)); the second may have spaces and ends with the last bracket.</summary>
    private static int? NiceOf(int process, string thread) => Directory.GetDirectories($"/proc/{process}/task")
        .Where(task => Read(task, "comm").TrimEnd() == thread)
        .Select(task => Read(task, "stat").Split(") ")[^1].Split(' '))
        .Where(fields => fields.Length > 16)
        .Select(fields => (int?)int.Parse(fields[16], System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();

    /// <summary>Nothing of a thread that has ended meanwhile.</summary>
    private static string Read(string task, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, file));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
