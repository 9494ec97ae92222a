using System.Text.Json;
using System.Text.Json.Serialization;
using Footfall.Common;

namespace Footfall.Hosting.Web;

/// <summary>The pages built with the program, by request path. They are read once: a new build takes effect at the next start.</summary>
internal sealed partial class WebFiles
{
    /// <summary>Next to the program.</summary>
    public const string Folder = "web", Manifest = "web.json";

    private readonly Dictionary<string, WebFile> _files;

    /// <param name="directory">The directory of the pages; it may be missing.</param>
    /// <exception cref="StartupException">The list of files can't be read.</exception>
    public WebFiles(string directory)
    {
        Directory = directory;
        _files = Read(System.IO.Path.Combine(directory, Manifest)).ToDictionary(file => file.Path, StringComparer.Ordinal);
        NotFound = _files.GetValueOrDefault("/404");
    }

    public WebFiles() : this(System.IO.Path.Combine(AppContext.BaseDirectory, Folder))
    {
    }

    public string Directory { get; }

    /// <summary>Whether pages were built.</summary>
    public bool HasFiles => _files.Count > 0;

    /// <summary>The page for unknown paths.</summary>
    public WebFile? NotFound { get; }

    /// <summary>The file of a path, with or without a slash at its end.</summary>
    public WebFile? Find(string path) => _files.GetValueOrDefault(path.Length > 1 && path[^1] == '/' ? path[..^1] : path);

    private static IReadOnlyList<WebFile> Read(string manifest)
    {
        if (!File.Exists(manifest)) return [];
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(manifest), Json.Default.WebManifest)!.Files;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            throw new StartupException($"The pages in {System.IO.Path.GetDirectoryName(manifest)} can't be read; build them again: "
                + $"{error.Message}", error);
        }
    }

    [JsonSerializable(typeof(WebManifest))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class Json : JsonSerializerContext;
}
