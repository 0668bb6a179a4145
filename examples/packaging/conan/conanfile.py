# Untried: Conan is in no Debian package; only the syntax of this file is checked. Conan 2: conan create examples/packaging/conan
import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class AuthmodRecipe(ConanFile):
    name = "authmod"
    version = "0.1.0"
    license = "BSL-1.0"
    description = "Auth modules for C++ services: log in with Bitbucket Cloud and every other OAuth 2.0 provider"
    topics = ("oauth2", "openid-connect", "scim", "header-only")
    package_type = "header-library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"beast": [True, False], "sqlite": [True, False], "postgres": [True, False], "server": [True, False]}
    default_options = {"beast": True, "sqlite": False, "postgres": False, "server": False}
    no_copy_source = True

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "include/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.81]")
        if self.options.beast or self.options.server:
            self.requires("openssl/[>=3 <4]")
        if self.options.sqlite:
            self.requires("sqlitecpp/[>=3.2]")
        if self.options.postgres:
            self.requires("libpq/[>=15]")
        if self.options.server:
            self.requires("kainjow-mustache/4.1")

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["AUTHMOD_BUILD_TESTS"] = False
        toolchain.cache_variables["AUTHMOD_BUILD_EXAMPLES"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        # The package's own CMake files know its components; Conan's would not.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("share", "cmake", "authmod")]
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
