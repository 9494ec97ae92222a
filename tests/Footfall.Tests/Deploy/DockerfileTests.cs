using System.Text.RegularExpressions;

namespace Footfall.Tests.Deploy;

/// <summary>The inputs of the image, without building it.</summary>
public sealed partial class DockerfileTests
{
    [Fact]
    public void All_that_the_program_takes_from_outside_its_folder_is_in_the_build()
    {
        var root = Repository.Root;
        var dockerfile = File.ReadAllText(Path.Combine(root, "deploy", "Dockerfile"));
        var taken = Outside().Matches(File.ReadAllText(Path.Combine(root, "src", "Footfall", "Footfall.csproj")))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("web/demo/products.json", taken);
        // The output of npm is copied from the stage that builds it.
        Assert.All(taken.Where(file => !file.StartsWith("web/.", StringComparison.Ordinal)), file =>
            Assert.Contains($"COPY {file} ", dockerfile, StringComparison.Ordinal));
    }

    [GeneratedRegex("""Include="\$\(RepositoryRoot\)([^"*]+)" """)]
    private static partial Regex Outside();
}
