using System.Reflection;

namespace HistoryBench;

internal static class Resources
{
    public static string Read(string name)
    {
        using var text = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return text.ReadToEnd();
    }

    public static string[] Statements(string name) =>
        Read(name).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
