namespace Footfall.Tests.History;

public sealed class NicenessTests
{
    [Fact]
    public async Task The_thread_of_the_history_stands_back()
    {
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data);
        await Eventually.BecomesAsync(() => Task.FromResult(NiceOf(program.Id, "History") == 5), "the thread has its nice value");
        // Requests are served by threads that don't.
        Assert.Equal(0, NiceOf(program.Id, ".NET TP Worker"));
    }

    /// <summary>As proc(5) has it: the 19th field, of which the second may have spaces and ends with the last bracket.</summary>
    private static int? NiceOf(int process, string thread) => Directory.GetDirectories($"/proc/{process}/task")
        .Where(task => File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == thread)
        .Select(task => (int?)int.Parse(File.ReadAllText(Path.Combine(task, "stat")).Split(") ")[^1].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
